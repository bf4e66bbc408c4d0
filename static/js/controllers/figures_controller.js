// The discussion's figures as they change: beside the threads and on the button that shows them on a phone.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller {
  static targets = ["place"];

  show({ detail: { html } }) {
    const { body } = new DOMParser().parseFromString(html, "text/html");
    this.say(body);
    body.querySelector(".spoken")?.remove();
    this.placeTarget.replaceChildren(...document.importNode(body, true).childNodes);
  }
  // The button stays, it may have the focus.
  say(page) {
    const now = page.querySelector(".spoken");
    for (const button of now ? document.querySelectorAll(".spoken") : []) button.textContent = now.textContent;
  }
}
