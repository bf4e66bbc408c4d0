// The screen in the room asks for its next code, and for how many have come, as long as it is shown.
import { Controller } from "@hotwired/stimulus";
import { asked, remember, renewPart } from "../lib/renewal.js";

const POLL = 8_000;

export default class extends Controller {
  static targets = ["part", "lost"];

  connect() {
    this.partTargets.forEach(remember);
    this.poll = setInterval(() => this.ask(), POLL);
  }
  disconnect() {
    clearInterval(this.poll);
  }
  async ask() {
    try {
      const page = await asked(location.href);
      if (!page) return location.reload();
      for (const part of this.partTargets) renewPart(part, page.querySelector(`[data-part=${part.dataset.part}]`));
      this.lostTarget.textContent = "";
    } catch {
      this.lostTarget.textContent = this.lostTarget.dataset.words;
    }
  }
}
