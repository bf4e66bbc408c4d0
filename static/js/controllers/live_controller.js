// Hears what happens in the discussion and tells the page, in order: `live:posts` (articles that are new or changed),
// `live:window` (whether it is open, until when), `live:head`, and what else the socket says by its name.
import { Controller } from "@hotwired/stimulus";
import { answerFrom, articlesOf, figuresOf } from "../lib/answers.js";
import { Asking } from "../lib/asking.js";
import { Revisions } from "../lib/revisions.js";
import { listen } from "../live.js";

const GAP = 1_500; // what is missing is mostly on its way
const WHOLE_CLASS = 3_000; // everybody asks when a discussion opens or closes

export default class extends Controller {
  static values = { discussion: Number, address: String, reads: Boolean, gone: String, signedOut: String };

  connect() {
    this.revisions = new Revisions(Number(this.element.dataset.revision));
    this.asking = new Asking(() => this.ask());
    const hear = (event) => this.hear(event);
    const tell = (name) => (detail) => this.dispatch(name, { detail });
    this.ear = listen(
      { discussion: this.discussionValue, since: () => this.revisions.last },
      {
        joined: (answer) => this.joined(answer),
        refused: (sentence) => this.refused(sentence),
        lost: tell("lost"),
        "post:published": hear,
        "post:changed": hear,
        "discussion:changed": hear,
        "figures:changed": ({ html }) => this.dispatch("figures", { detail: figuresOf(html) }),
        presence: tell("presence"),
        typing: tell("typing"),
      },
    );
  }
  disconnect() {
    this.ear.stop();
    this.asking.stop();
  }
  write({ detail: { parent } }) {
    this.ear.typing(this.discussionValue, parent);
  }

  joined({ revision, now, state, closes_at: closesAt }) {
    this.element.dataset.joined = "true";
    this.dispatch("joined");
    this.dispatch("window", { detail: { state, closesAt: Date.parse(closesAt), now: Date.parse(now), exact: true } });
    if (revision > this.revisions.last) this.want(GAP);
  }
  hear(event) {
    this.put(this.revisions.hear(event));
    if (this.revisions.isBehind) this.asking.within(GAP);
  }
  put(events) {
    const html = events.map((event) => event.html ?? "").join("");
    if (html) this.dispatch("posts", { detail: { articles: articlesOf(html) } });
    if (events.some((event) => event.html === undefined)) this.want(WHOLE_CLASS);
  }
  // Who is signed out is told nothing more than that.
  refused(sentence) {
    this.dispatch("refused", { detail: { sentence: sentence || this.signedOutValue } });
  }

  // Somebody else of the page may ask: without a connection, or as the closing time is reached.
  wanted({ detail: { within = 0 } = {} }) {
    this.want(within);
  }
  want(within) {
    this.isWanted = true;
    this.asking.within(within);
  }
  async ask() {
    if (!this.isWanted && !this.revisions.isBehind) return;
    this.isWanted = false;
    try {
      const response = await fetch(this.readsValue ? `${this.addressValue}?since=${this.revisions.last}` : this.addressValue);
      if (response.redirected) this.refused();
      else if (response.status === 404) this.refused(this.goneValue);
      else if (response.status === 403) this.dispatch("stale", { detail: { atOnce: true } });
      else if (response.ok) this.answered(await answerFrom(response));
      else throw new Error(response.statusText);
    } catch {
      this.dispatch("failed");
    }
  }
  answered({ revision, more, articles, head, figures, window }) {
    this.dispatch("answered");
    if (!this.readsValue && articles.length) return this.dispatch("stale", { detail: { atOnce: true } });
    this.dispatch("posts", { detail: { articles } });
    this.dispatch("head", { detail: { head } });
    this.dispatch("figures", { detail: figures });
    this.dispatch("window", { detail: window });
    if (more) this.dispatch("stale");
    this.put(this.revisions.caughtUp(revision));
  }
}
