// "Wang Li is writing…", as long as it is so; and tells, every few seconds, that the reader writes.
import { Controller } from "@hotwired/stimulus";
import { filled } from "../lib/phrases.js";
import { Writers, atMostEvery } from "../lib/writers.js";

export default class extends Controller {
  static targets = ["line"];
  static values = { one: String, two: String, many: String };

  connect() {
    this.writers = new Writers();
    this.mayTell = atMostEvery(3_000);
  }
  disconnect() {
    clearTimeout(this.moment);
  }
  heard({ detail: { name } }) {
    this.writers.heard(name, Date.now());
    this.show();
  }
  posted({ detail: { articles } }) {
    for (const article of articles) this.writers.posted(article.querySelector(".who-name b").textContent);
    this.show();
  }
  show() {
    clearTimeout(this.moment);
    const names = this.writers.names(Date.now());
    this.lineTarget.hidden = !names.length;
    this.lineTarget.textContent = names.length ? this.words(names) : "";
    if (names.length) this.moment = setTimeout(() => this.show(), 1_000);
  }
  words([one, two, ...others]) {
    if (others.length) return filled(this.manyValue, { count: others.length + 2 });
    return two ? filled(this.twoValue, { one, two }) : filled(this.oneValue, { name: one });
  }
  // Somebody typed anywhere on the page: in a composer, it is told.
  typed({ target }) {
    const form = target.closest("form.composer");
    if (!form || !target.value.trim() || !this.mayTell()) return;
    this.dispatch("self", { detail: { parent: Number(form.elements.parent?.value) || null } });
  }
}
