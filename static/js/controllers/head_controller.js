// The head of the discussion as it changes: opened, closed, extended, another title or prompt.
import { Controller } from "@hotwired/stimulus";

const PARTS = [".eyebrow", "h1", ".prompt", ".pill", ".is-aside"];
const wordsOf = (head) => PARTS.map((part) => head.querySelector(part)?.textContent.trim()).join("\n");

export default class extends Controller {
  show({ detail: { head } }) {
    const [now, then] = [document.importNode(head, true), this.element];
    if (wordsOf(now) === wordsOf(then)) return;
    // Who is here is known to this page only.
    now.querySelector("[data-controller=presence]").replaceWith(then.querySelector("[data-controller=presence]"));
    then.replaceWith(now);
  }
}
