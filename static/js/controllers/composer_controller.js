// The text being written: grows, is counted, and goes into the outbox, which sends it. A text that was refused comes back.
import { Controller } from "@hotwired/stimulus";
import { countCharacters } from "../lib/count.js";
import { device } from "../lib/device.js";
import { idsIn } from "../lib/files.js";
import { newToken, put } from "../lib/outbox.js";

export default class extends Controller {
  static targets = ["body", "count", "submit", "reason"];
  static values = { member: String, discussion: String };

  connect() {
    this.measure();
  }
  get parent() {
    return this.element.elements.parent?.value ?? "";
  }
  answer(parent) {
    this.element.elements.parent.value = parent;
    this.explain("");
    this.dispatch("turned");
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
  explain(reason) {
    this.reasonTarget.textContent = reason;
    this.reasonTarget.hidden = !reason;
  }
  send(event) {
    event.preventDefault();
    this.element.requestSubmit(this.submitTarget);
  }
  // Without an outbox, or room in it, the form goes as it does without script.
  submit(event) {
    if (this.element.classList.contains("is-locked")) return event.preventDefault();
    if (event.defaultPrevented || (event.submitter && event.submitter !== this.submitTarget)) return;
    const { keeper } = this.application.getControllerForElementAndIdentifier(this.element, "draft");
    const entry = this.entry(keeper.version);
    if (!document.querySelector("[data-controller~=outbox]") || !put(device, entry)) return;
    event.preventDefault();
    const settled = keeper.saving;
    this.element.elements.token.value = newToken();
    this.bodyTarget.value = "";
    this.explain("");
    keeper.handOver();
    this.measure();
    this.element.querySelector("[data-action='reply#cancel']")?.click();
    this.dispatch("queued", { detail: { entry, settled, onward: this.element.elements.next?.value } });
  }
  entry(draft) {
    const { action, elements } = this.element;
    const place = { member: this.memberValue, discussion: this.discussionValue, parent: this.parent, address: new URL(action).pathname };
    return { token: elements.token.value, ...place, body: elements.body.value, files: idsIn(this.element), draft, at: Date.now() };
  }

  // Beneath what is being written here, or alone; not `asked`, only where nothing else is being written.
  takeBack(event) {
    const { entry, asked } = event.detail;
    const parent = entry.canAnswer === false ? "" : entry.parent;
    if (entry.discussion !== this.discussionValue || (!asked && this.bodyTarget.value.trim())) return;
    if (this.parent !== parent && !(asked && this.turnTo(parent))) return;
    event.preventDefault();
    this.bodyTarget.value = [this.bodyTarget.value.trimEnd(), entry.body].filter(Boolean).join("\n\n");
    this.bodyTarget.dispatchEvent(new Event("input", { bubbles: true }));
    this.explain(entry.refused);
    if (asked) this.bodyTarget.focus();
  }
  turnTo(parent) {
    const way = parent ? `#post-${parent} .act.is-reply` : "[data-action='reply#cancel']";
    (parent ? document : this.element).querySelector(way)?.click();
    return this.parent === parent;
  }
}
