// A line leads to where a text that waits will stand, if that is not this page.
import { Controller } from "@hotwired/stimulus";
import { pageOf } from "../lib/outbox.js";

export default class extends Controller {
  static targets = ["way"];

  show({ detail: { entry } }) {
    this.element.hidden = !entry;
    if (entry) this.wayTarget.href = pageOf(entry);
  }
}
