// The discussion's figures as they change: beside the threads, and on the button that shows them on a phone.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller {
  static targets = ["place"];

  show({ detail: { rail, spoken } }) {
    this.placeTarget.replaceChildren(...document.importNode(rail, true).childNodes);
    // The button stays: it may have the focus.
    for (const button of document.querySelectorAll(".head .spoken")) button.textContent = spoken;
  }
}
