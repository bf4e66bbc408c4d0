// Copies a text; where the browser does not let us, selects it.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller {
  static targets = ["text", "button", "state"];

  connect() {
    this.buttonTarget.hidden = false;
  }
  async copy() {
    const { copied, byHand } = this.stateTarget.dataset;
    this.textTarget.select();
    try {
      await navigator.clipboard.writeText(this.textTarget.value);
      this.stateTarget.textContent = copied;
    } catch {
      this.stateTarget.textContent = document.execCommand("copy") ? copied : byHand;
    }
  }
}
