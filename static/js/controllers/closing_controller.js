// The last ten minutes by the server's clock. At the end the composers lock, each with its text; whether the discussion is
// closed the server alone decides, so it is asked, and they open again if it is not.
import { Controller } from "@hotwired/stimulus";
import { LAST, minutePassed, minutesAndSeconds, offsetFrom, untilNextLook } from "../lib/closing.js";
import { lockForm } from "../lib/locking.js";
import { filled, phrase } from "../lib/phrases.js";

export default class extends Controller {
  static targets = ["left", "said", "closed"];
  static values = { left: String, minutes: Object, opensAt: String, waits: Boolean };

  connect() {
    this.mayWrite = document.body.classList.contains("may-write");
  }
  disconnect() {
    clearTimeout(this.timer);
  }
  follow({ detail: { state, closesAt, now, exact = false } }) {
    this.offset = offsetFrom(now, this.offset, exact, Date.now());
    this.isOpen = state === "open";
    this.changesAt = { open: closesAt, upcoming: Date.parse(this.opensAtValue) }[state] ?? NaN;
    if (this.isOpen && this.waitsValue) this.dispatch("opened", { detail: { atOnce: true } });
    this.lock(!this.isOpen);
    this.before = undefined;
    this.look();
  }
  look() {
    clearTimeout(this.timer);
    const left = this.changesAt - Date.now() - this.offset; // NaN where nothing is to come
    const isShown = this.isOpen && left > 0 && left <= LAST;
    this.leftTarget.hidden = !isShown;
    if (isShown) this.leftTarget.textContent = filled(this.leftValue, { time: minutesAndSeconds(left) });
    if (this.isOpen) this.say(minutePassed(this.before, left));
    this.before = left;
    if (left > 0) this.timer = setTimeout(() => this.look(), untilNextLook(left));
    else if (left <= 0) this.end();
  }
  // A clock that is wrong, or a time that was moved, does not make the page ask and ask.
  end() {
    if (this.isOpen) this.lock(true);
    this.dispatch("over", { detail: { within: this.askedFor === this.changesAt ? 60_000 : 3_000 } });
    this.askedFor = this.changesAt;
  }
  say(minutes) {
    if (minutes) this.saidTarget.textContent = phrase(this.minutesValue, minutes, document.documentElement.lang);
  }
  lock(isLocked) {
    if (isLocked === Boolean(this.isLocked)) return;
    this.isLocked = isLocked;
    document.body.classList.toggle("may-write", this.mayWrite && !isLocked);
    for (const form of document.querySelectorAll("form.composer")) lockForm(form, isLocked, this.closedTarget);
  }
}
