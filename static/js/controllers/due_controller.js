// A discussion that opens or closes by itself tells nobody: `due:over` once so many seconds have passed, and a moment. What
// is due much later is looked for again in a day.
import { Controller } from "@hotwired/stimulus";

const DAY = 86_400;

export default class extends Controller {
  static values = { seconds: Number };

  disconnect() {
    clearTimeout(this.timer);
  }
  secondsValueChanged(seconds) {
    clearTimeout(this.timer);
    if (this.hasSecondsValue) this.timer = setTimeout(() => this.dispatch("over"), Math.min(seconds, DAY) * 1_000 + 500);
  }
}
