// Closes an open menu by Escape or a click elsewhere.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller {
  close() {
    if (!this.element.open) return;
    this.element.open = false;
    this.element.querySelector("summary").focus();
  }
  closeOutside(event) {
    if (!this.element.contains(event.target)) this.element.open = false;
  }
}
