// The discussion's head as it changes: opened, closed, extended, another title or prompt.
import { Controller } from "@hotwired/stimulus";

const PARTS = [".eyebrow", "h1", ".prompt", ".pill", ".is-aside"];
const wordsOf = (head) => PARTS.map((part) => head.querySelector(part)?.textContent.trim()).join("\n");

export default class extends Controller {
  static targets = ["presence"];

  show({ detail: { head } }) {
    if (!head?.matches(".head:not(.is-small)")) return;
    const shown = this.element.querySelector(".spoken");
  }
}
