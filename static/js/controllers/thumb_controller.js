// The bar at the thumb leads to the composer, and steps aside while the composer is in sight.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller {
  connect() {
    const composer = document.getElementById("composer");
    if (!composer) return;
    this.observer = new IntersectionObserver(([entry]) => this.element.classList.toggle("is-away", entry.isIntersecting));
    this.observer.observe(composer);
  }
  disconnect() {
    this.observer?.disconnect();
  }
}
