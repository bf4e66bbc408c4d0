// A button that fills the screen with the page and keeps it lit meanwhile; where that can not be, there is none.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller {
  connect() {
    this.element.hidden = !document.fullscreenEnabled;
  }
  toggle() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().then(() => this.light());
  }
  changed() {
    this.element.setAttribute("aria-pressed", Boolean(document.fullscreenElement));
  }
  light() {
    navigator.wakeLock?.request("screen").catch(() => {});
  }
}
