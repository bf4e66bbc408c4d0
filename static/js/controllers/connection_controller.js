// What is done and said without a connection: the same question is asked now and then, and at once when the device is back.
import { Controller } from "@hotwired/stimulus";
import { pauseAfter } from "../lib/asking.js";

const PATIENCE = 5_000;

export default class extends Controller {
  static targets = ["line"];
  static values = { lost: String };

  connect() {
    this.lost();
  }
  disconnect() {
    this.rest();
  }
  lost() {
    if (this.isLost) return;
    this.isLost = true;
    this.failures = 0;
    this.patience = setTimeout(() => this.say(this.lostValue), PATIENCE);
    this.next(PATIENCE);
  }
  joined() {
    this.rest();
    this.lineTarget.hidden = true;
  }
  // The device has a network again, the page is looked at again, or is come back to.
  back({ type, persisted }) {
    if (type === "pageshow" && !persisted) return;
    if (this.isLost && document.visibilityState === "visible") this.ask();
  }
  // For good, or until a connection lets in again.
  refused({ detail: { sentence } }) {
    this.rest();
    this.say(sentence);
  }
  rest() {
    this.isLost = false;
    clearTimeout(this.patience);
    clearTimeout(this.moment);
  }

  next(pause) {
    clearTimeout(this.moment);
    this.moment = setTimeout(() => this.poll(), pause);
  }
  // A page that nobody looks at asks when it is looked at again.
  poll() {
    if (document.visibilityState === "visible") this.ask();
  }
  ask() {
    clearTimeout(this.moment);
    this.dispatch("ask");
  }
  answered() {
    this.failures = 0;
    if (this.isLost) this.next(pauseAfter(0));
  }
  failed() {
    this.failures += 1;
    if (this.isLost) this.next(pauseAfter(this.failures));
  }
  say(sentence) {
    if (this.lineTarget.textContent !== sentence) this.lineTarget.textContent = sentence;
    this.lineTarget.hidden = false;
  }
}
