// How many notifications are unread, as the socket of the page tells it.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller {
  static targets = ["count", "number"];

  show({ detail: { count } }) {
    this.countTarget.hidden = count === 0;
    this.numberTarget.textContent = count;
  }
}
