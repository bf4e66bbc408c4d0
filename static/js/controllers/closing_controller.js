// The last ten minutes by the server's clock. At the end the composers lock, each with its text; whether the discussion is
// closed the server alone decides, so it is asked, and they open again if it is not.
import { Controller } from "@hotwired/stimulus";
import { LAST, minutePassed, minutesAndSeconds, offsetFrom, untilNextLook } from "../lib/closing.js";
import { filled, phrase } from "../lib/phrases.js";

export default class extends Controller {
  static targets = ["left", "said", "closed"];
  static values = { left: String, minutes: Object, state: String, waits: Boolean };

  connect() {
    this.block = (event) => this.isLocked && event.target.matches("form.composer") && stop(event);
    addEventListener("submit", this.block, { capture: true });
  }
  disconnect() {
    clearTimeout(this.moment);
    removeEventListener("submit", this.block, { capture: true });
  }
  follow({ detail: { state, closesAt, now, exact = false } }) {
    this.offset = offsetFrom(now, this.offset, exact, Date.now());
    this.closesAt = closesAt;
    if (state === "open" && this.waitsValue) this.dispatch("opened", { detail: { atOnce: true } });
    this.lock(state !== "open");
    this.before = undefined;
    this.look();
  }
  look() {
    clearTimeout(this.moment);
    const left = this.closesAt - Date.now() - this.offset;
    const counts = !this.isLocked && left <= LAST; // never where there is no closing time: NaN
    this.leftTarget.hidden = !counts || left <= 0;
    if (counts && left <= 0) return this.end();
    if (counts) this.leftTarget.textContent = filled(this.leftValue, { time: minutesAndSeconds(left) });
    this.say(minutePassed(this.before, left));
    this.before = left;
    if (left > 0) this.moment = setTimeout(() => this.look(), untilNextLook(left));
  }
  end() {
    this.lock(true);
    this.dispatch("over", { detail: { within: 3_000 } });
  }
  say(minutes) {
    if (minutes) this.saidTarget.textContent = phrase(this.minutesValue, minutes, document.documentElement.lang);
  }
  lock(isLocked) {
    if (isLocked === Boolean(this.isLocked)) return;
    this.isLocked = isLocked;
    for (const form of document.querySelectorAll("form.composer")) this.lockForm(form);
  }
  lockForm(form) {
    form.classList.toggle("is-locked", this.isLocked);
    for (const button of form.querySelectorAll(".composer-foot button")) button.disabled = this.isLocked;
    for (const text of form.querySelectorAll("textarea")) text.readOnly = this.isLocked;
    form.querySelector(".composer-closed")?.remove();
    if (this.isLocked) form.prepend(document.importNode(this.closedTarget.content, true));
  }
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}
