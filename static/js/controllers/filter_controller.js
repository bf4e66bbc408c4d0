// Narrows a list as one types: by the same line of each entry that the server looks through.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller {
  static targets = ["typed", "line", "section", "state", "none"];

  look() {
    const words = this.typedTarget.value.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const line of this.lineTargets) {
      line.hidden = !words.every((word) => line.dataset.find.includes(word));
      shown += !line.hidden;
    }
    for (const section of this.sectionTargets) {
      const visible = section.querySelectorAll("[data-find]:not([hidden])").length;
      section.hidden = visible === 0;
      section.querySelector("[data-count]").textContent = visible;
    }
    this.noneTarget.hidden = shown > 0;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => this.say(shown), 300);
  }
  // A moment later, so that a screen reader is not interrupted with every letter.
  say(shown) {
    const { words, all } = this.stateTarget.dataset;
    this.stateTarget.textContent = words.replace("{shown}", shown).replace("{all}", all);
  }
  disconnect() {
    clearTimeout(this.saying);
  }
}
