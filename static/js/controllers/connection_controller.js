// What is done and said without a connection: the same question, asked every so often, at once when the device is back.
import { Controller } from "@hotwired/stimulus";
import { pauseAfter } from "../lib/asking.js";

const PATIENCE = 5_000;

export default class extends Controller {
  static targets = ["line", "lost", "refused"];

  connect() {
    this.failures = 0;
    this.lost();
    this.back = () => document.visibilityState === "visible" && this.isLost && this.ask();
    document.addEventListener("visibilitychange", this.back);
    addEventListener("online", this.back);
  }
  disconnect() {
    clearTimeout(this.moment);
    document.removeEventListener("visibilitychange", this.back);
    removeEventListener("online", this.back);
  }
  lost() {
    if (this.isLost) return;
    this.isLost = true;
    this.moment = setTimeout(() => this.poll(), PATIENCE);
  }
  joined() {
    this.rest();
    this.failures = 0;
    this.lineTarget.hidden = true;
  }
  refused({ detail: { sentence } }) {
    this.rest();
    this.lineTarget.textContent = sentence;
    this.lineTarget.hidden = false;
  }
  rest() {
    this.isLost = false;
    clearTimeout(this.moment);
  }
}
