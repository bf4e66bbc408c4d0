// A form is sent once, however often its button is pressed while the answer is on its way.
import { Controller } from "@hotwired/stimulus";

const PATIENCE = 5_000;

export default class extends Controller {
  send(event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    else form.dataset.sent = "true";
    // A file may come instead of a page, or nothing at all: then it can be sent again.
    setTimeout(() => delete form.dataset.sent, PATIENCE);
  }
  // Back from another page, which may have kept this one as it was left.
  return() {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  }
}
