// From one reflection to the next, and a comment written beside it.
import { Controller } from "@hotwired/stimulus";
import { pageOf } from "../lib/pages.js";

export default class extends Controller {
  static targets = ["item"];

  next() {
    this.go(1);
  }
  previous() {
    this.go(-1);
  }
  go(step) {
    const at = this.itemTargets.indexOf(this.current());
    const to = Math.min(Math.max(at + step, 0), this.itemTargets.length - 1);
    this.itemTargets[to]?.focus();
    this.itemTargets[to]?.scrollIntoView({ block: "start" });
  }
  current() {
    return document.activeElement.closest(".desk-item");
  }

  // The composer of the post's own page comes to the reflection; where that fails, the link leads there.
  async open(event) {
    const link = event.currentTarget;
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const item = link.closest(".desk-item");
    const written = item.querySelector(".composer") ?? (await this.composerAt(link.href));
    if (!written) return location.assign(link.href);
    if (!item.contains(written)) {
      this.element.querySelector(".desk-item .composer")?.remove();
      item.querySelector(".desk-verbs").after(document.importNode(written, true));
    }
    item.querySelector(".composer textarea").focus();
    item.querySelector(".composer").scrollIntoView({ block: "nearest" });
  }
  async composerAt(address) {
    try {
      return (await pageOf(await fetch(address))).querySelector("form.composer");
    } catch {
      return null;
    }
  }
  // Escape that ends the choice of a character ends nothing else.
  close(event) {
    if (event.isComposing) return;
    const open = event.target.closest(".desk-item .composer, .desk-item .tool[open]");
    if (!open) return;
    open.closest(".desk-item").focus();
    if (open.matches(".composer")) open.remove();
    else open.open = false;
  }
  // A field that has just been folded out is what one wants to write in.
  ask(event) {
    if (event.currentTarget.open) event.currentTarget.querySelector("input:not([type=hidden])").focus();
  }
}
