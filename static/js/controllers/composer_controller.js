// The text under way: grows, is counted, is kept on this device until it stands in the discussion, is sent once.
import { Controller } from "@hotwired/stimulus";
import { countCharacters } from "../lib/count.js";
import { clearPosted, draftKey, keep, kept, markSent } from "../lib/drafts.js";

export default class extends Controller {
  static targets = ["body", "state", "count", "submit"];
  static values = { key: String, member: String, restored: String, kept: String };

  connect() {
    clearPosted(localStorage, this.postsOnPage());
    this.restore();
    this.again = () => (this.submitTarget.disabled = false);
    addEventListener("pageshow", this.again);
  }
  disconnect() {
    removeEventListener("pageshow", this.again);
  }

  get key() {
    return draftKey(this.keyValue, this.element.elements.parent?.value);
  }
  // Another post is answered now: its own text comes in place of the one that was here, which is kept.
  answer(parent) {
    keep(localStorage, this.key, this.bodyTarget.value);
    this.element.elements.parent.value = parent;
    this.bodyTarget.value = "";
    this.stateTarget.textContent = "";
    this.restore();
  }
  restore() {
    const text = this.bodyTarget.value ? "" : kept(localStorage, this.key);
    if (text) {
      this.bodyTarget.value = text;
      this.stateTarget.textContent = this.restoredValue;
    }
    this.measure();
  }
  changed() {
    this.stateTarget.textContent = keep(localStorage, this.key, this.bodyTarget.value) && this.bodyTarget.value.trim() ? this.keptValue : "";
    this.measure();
  }
  measure() {
    const count = countCharacters(this.bodyTarget.value);
    this.countTarget.hidden = count === 0;
    this.countTarget.textContent = this.countTarget.dataset.words.replace("{count}", count.toLocaleString(document.documentElement.lang));
    if (CSS.supports("field-sizing", "content")) return;
    this.bodyTarget.style.height = "auto";
    this.bodyTarget.style.height = `${this.bodyTarget.scrollHeight}px`;
  }

  send(event) {
    event.preventDefault();
    this.element.requestSubmit(this.submitTarget);
  }
  submit(event) {
    if (event.submitter && event.submitter !== this.submitTarget) return;
    const own = this.postsOnPage().filter((post) => post.author === this.memberValue);
    keep(localStorage, this.key, this.bodyTarget.value);
    markSent(localStorage, this.key, this.memberValue, Math.max(0, ...own.map((post) => post.number)), Date.now());
    setTimeout(() => (this.submitTarget.disabled = true));
  }
  postsOnPage() {
    return [...document.querySelectorAll("article[data-author]")].map((post) => ({
      author: post.dataset.author,
      number: Number(post.dataset.number),
      at: Date.parse(post.querySelector("time")?.dateTime),
    }));
  }
}
