// How many notifications are unread, as the socket of the page tells it.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller {
  static targets = ["count", "number"];

  show({ detail: { count } }) {
    this.countTarget.hidden = count === 0;
    // More than so many are not counted.
    this.numberTarget.textContent = count < 100 ? count : "99+";
  }
}
