// The discussion's figures as they change: beside the threads and on the button that shows them on a phone.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller {
  static targets = ["place"];

  show({ detail: { html } }) {
    const { body } = new DOMParser().parseFromString(html, "text/html");
    const { childNodes } = document.importNode(body.querySelector("[data-live=rail]"), true);
    this.placeTarget.replaceChildren(...childNodes);
    this.say(body.querySelector(".spoken").textContent);
  }
  // The button stays, it may have the focus.
  say(words) {
    for (const button of document.querySelectorAll(".head .spoken")) button.textContent = words;
  }
}
