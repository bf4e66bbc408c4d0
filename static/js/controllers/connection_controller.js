// What is done and said without a connection: the same question is asked now and then, and at once when the device is back.
import { Controller } from "@hotwired/stimulus";
import { pauseAfter } from "../lib/asking.js";

const PATIENCE = 5_000;

export default class extends Controller {
  static targets = ["line"];
  static values = { lost: String };

  connect() {
    this.back = () => document.visibilityState === "visible" && this.isLost && this.ask();
    document.addEventListener("visibilitychange", this.back);
    addEventListener("online", this.back);
    addEventListener("pageshow", this.back);
    this.lost();
  }
  disconnect() {
    this.rest();
    document.removeEventListener("visibilitychange", this.back);
    removeEventListener("online", this.back);
    removeEventListener("pageshow", this.back);
  }
  lost() {
    if (this.isLost) return;
    this.isLost = true;
    this.failures = 0;
    this.moment = setTimeout(() => this.poll(), PATIENCE);
  }
  joined() {
    this.rest();
    this.lineTarget.hidden = true;
  }
  // For good, or until a connection lets in again.
  refused({ detail: { sentence } }) {
    this.rest();
    this.say(sentence);
  }
  rest() {
    this.isLost = false;
    clearTimeout(this.moment);
  }

  poll() {
    this.say(this.lostValue);
    if (document.visibilityState === "visible") this.ask();
  }
  ask() {
    clearTimeout(this.moment);
    this.dispatch("ask");
  }
  answered() {
    this.failures = 0;
    this.again();
  }
  failed() {
    this.failures += 1;
    this.again();
  }
  again() {
    if (!this.isLost) return;
    clearTimeout(this.moment);
    this.moment = setTimeout(() => this.poll(), pauseAfter(this.failures));
  }
  say(sentence) {
    if (this.lineTarget.textContent !== sentence) this.lineTarget.textContent = sentence;
    this.lineTarget.hidden = false;
  }
}
