// Hears what happens in the discussion and says it on the page: `live:heard` (a change with its revision), `live:joined`,
// `live:lost`, `live:refused`, `live:figures`, `live:presence`, `live:typing`. Tells in turn that the reader writes.
import { Controller } from "@hotwired/stimulus";
import { figuresOf } from "../lib/answers.js";
import { listen } from "../live.js";

export default class extends Controller {
  static values = { discussion: Number, signedOut: String };

  connect() {
    const tell = (name, made = (said) => said) => (said) => this.dispatch(name, { detail: made(said) });
    this.ear = listen(
      { discussion: this.discussionValue, since: () => Number(this.element.dataset.revision) },
      {
        joined: tell("joined"),
        refused: tell("refused", (sentence) => ({ sentence: sentence || this.signedOutValue })),
        lost: tell("lost"),
        "post:published": tell("heard"),
        "post:changed": tell("heard"),
        "discussion:changed": tell("heard"),
        "figures:changed": tell("figures", ({ html }) => figuresOf(html)),
        presence: tell("presence"),
        typing: tell("typing"),
      },
    );
  }
  disconnect() {
    this.ear.stop();
  }
  write({ detail: { parent } }) {
    this.ear.typing(this.discussionValue, parent);
  }
}
