// A single key presses the button that names it (aria-keyshortcuts): of the place that has the focus, else of the first.
import { Controller } from "@hotwired/stimulus";

const OFF = "keys-off";

export default class extends Controller {
  static targets = ["place", "help", "switch"];

  connect() {
    this.switchTarget.checked = !this.isOff;
  }
  press(event) {
    const isOwn = event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
    if (isOwn || event.key.length !== 1 || this.isOff || this.helpTarget.open || this.isField(event.target)) return;
    const button = this.buttonOf(event.key.toLowerCase());
    if (!button) return;
    event.preventDefault();
    button.click();
  }
  buttonOf(key) {
    const named = `[aria-keyshortcuts="${CSS.escape(key)}"]`;
    const place = this.placeTargets.find((one) => one.contains(document.activeElement)) ?? this.placeTargets[0];
    return place?.querySelector(named) ?? this.element.querySelector(`:not([data-keyboard-target=place] *)${named}`);
  }
  isField(element) {
    return element.matches("input, textarea, select") || element.isContentEditable;
  }
  help() {
    this.helpTarget.showModal();
  }
  // Whoever speaks to their computer, or rests a hand on the keys, turns them off.
  turn() {
    try {
      if (this.switchTarget.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "true");
    } catch {
      this.offHere = !this.switchTarget.checked;
    }
  }
  get isOff() {
    try {
      return this.offHere ?? localStorage.getItem(OFF) !== null;
    } catch {
      return this.offHere ?? false;
    }
  }
}
