// From one reflection to the next, and a comment written beside it.
import { Controller } from "@hotwired/stimulus";
import { composerFor } from "../lib/desk_composer.js";
import { lockForm } from "../lib/locking.js";

export default class extends Controller {
  static targets = ["item", "composer", "closed"];

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

  open(event) {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const composer = this.composerAt(event.currentTarget.closest(".desk-item"));
    composer.querySelector("textarea").focus();
    composer.scrollIntoView({ block: "nearest" });
  }
  // One at a time; what another holds is kept as a draft. `given` is a text that was refused.
  composerAt(item, given) {
    if (item.contains(this.composer)) return this.composer;
    this.composer?.remove();
    item.querySelector("[data-under-way]").after(composerFor(this.composerTarget, item.dataset, given));
    this.lock();
    return this.composer;
  }
  get composer() {
    return this.element.querySelector(".desk-item .composer");
  }
  // What is being written when its discussion closes stays, and goes on if it opens again.
  lock() {
    const item = this.composer?.closest(".desk-item");
    if (item) lockForm(this.composer, item.dataset.state !== "open", this.closedTarget);
  }
  // The comment is on its way, and shown beside what it is about.
  putAway({ target }) {
    target.remove();
  }
  // Refused, and no composer has it yet: one is opened with it, unless another is written in. Where the post cannot be
  // answered any more, it stays in the outbox: the discussion takes it.
  takeBack(event) {
    const { entry, asked } = event.detail;
    const item = this.itemTargets.find(({ dataset }) => dataset.discussion === entry.discussion && dataset.number === entry.parent);
    const isFree = asked || !this.composer?.querySelector("textarea").value.trim();
    if (!item || item.contains(this.composer) || entry.canAnswer === false || !isFree) return;
    event.preventDefault();
    const composer = this.composerAt(item, entry);
    if (asked || item.contains(document.activeElement)) composer.querySelector("textarea").focus();
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
