// How many are here; for whom the server tells it, who.
import { Controller } from "@hotwired/stimulus";
import { phrase } from "../lib/phrases.js";

export default class extends Controller {
  static targets = ["plain", "sheet", "count", "names", "name", "more"];
  static values = { forms: Object, more: Object };

  show({ detail: { count, names } }) {
    this.element.hidden = count === 0;
    this.plainTarget.hidden = Boolean(names);
    this.sheetTarget.hidden = !names;
    const words = phrase(this.formsValue, count, document.documentElement.lang);
    for (const place of [this.plainTarget, this.countTarget]) place.textContent = words;
    if (names) this.list(names, count - names.length);
  }
  list(names, rest) {
    this.namesTarget.replaceChildren(...names.map((name) => this.line(name)));
    this.moreTarget.textContent = rest > 0 ? phrase(this.moreValue, rest, document.documentElement.lang) : "";
  }
  line(name) {
    const line = document.importNode(this.nameTarget.content.firstElementChild, true);
    line.textContent = name;
    return line;
  }
  // Without a connection nobody knows.
  hide() {
    this.element.hidden = true;
  }
}
