// Says "8 minutes ago" where the page says a date, and "in 42 minutes" beside a closing time. Paper gets the date.
import { Controller } from "@hotwired/stimulus";
import { relative } from "../lib/relative.js";

export default class extends Controller {
  static targets = ["time", "until"];

  connect() {
    this.clock = setInterval(() => this.refresh(), 30_000);
    this.sayDates = () => this.timeTargets.forEach((time) => (time.textContent = time.title));
    this.sayAgain = () => this.refresh();
    addEventListener("beforeprint", this.sayDates);
    addEventListener("afterprint", this.sayAgain);
  }
  disconnect() {
    clearInterval(this.clock);
    removeEventListener("beforeprint", this.sayDates);
    removeEventListener("afterprint", this.sayAgain);
  }
  timeTargetConnected(time) {
    this.sayTime(time);
  }
  untilTargetConnected(place) {
    this.sayUntil(place);
  }
  refresh() {
    this.timeTargets.forEach((time) => this.sayTime(time));
    this.untilTargets.forEach((place) => this.sayUntil(place));
  }
  sayTime(time) {
    time.textContent = this.words(time.dateTime) ?? time.title;
  }
  sayUntil(place) {
    const words = Date.parse(place.dataset.moment) > Date.now() ? this.words(place.dataset.moment) : null;
    place.hidden = words === null;
    place.textContent = words ?? "";
  }
  words(moment) {
    return relative(Date.parse(moment), Date.now(), document.documentElement.lang);
  }
}
