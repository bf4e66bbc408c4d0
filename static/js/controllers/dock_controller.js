// What floats above the composer knows how high that is, wherever it stands.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller {
  connect() {
    this.sizes = new ResizeObserver(() => this.rise());
    this.sizes.observe(this.element);
    const composer = document.querySelector("form.composer");
    if (composer) this.sizes.observe(composer);
  }
  disconnect() {
    this.sizes.disconnect();
  }
  rise() {
    const floating = [...this.element.parentElement.children].find((child) => getComputedStyle(child).position === "sticky" && child.matches("form"));
    this.element.style.setProperty("--below", `${floating?.offsetHeight ?? 0}px`);
  }
}
