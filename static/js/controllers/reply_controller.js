// "Reply" brings the composer to the post instead of leading to the post's page; "Cancel" takes it back.
import { Controller } from "@hotwired/stimulus";
import { passage, quotation } from "../lib/quotation.js";

export default class extends Controller {
  static targets = ["composer", "label", "verb", "to"];

  // A passage that is selected in the post is quoted, else its text. A touch lets go of the selection before the click.
  touch(event) {
    this.touched = this.passageAt(event.currentTarget);
  }
  quote(event) {
    const text = quotation(this.touched ?? this.passageAt(event.currentTarget));
    this.touched = undefined;
    if (!this.open(event)) return;
    const { value } = this.writing;
    this.writing.value = value.trim() ? `${value.trimEnd()}\n\n${text}` : text;
    this.writing.dispatchEvent(new Event("input", { bubbles: true }));
    this.writing.setSelectionRange(this.writing.value.length, this.writing.value.length);
  }
  open(event) {
    if (!this.hasComposerTarget || event.metaKey || event.ctrlKey || event.shiftKey) return false;
    event.preventDefault();
    const link = event.currentTarget;
    const post = link.closest("article");
    this.remember();
    this.link = link;
    post.after(this.composerTarget);
    this.toTarget.hidden = false;
    this.toTarget.firstElementChild.textContent = link.dataset.label;
    for (const part of [this.labelTarget, this.verbTarget]) part.textContent = part.dataset.replyWords;
    this.writing.placeholder = this.writing.dataset.replyPlace;
    this.answer(post.dataset.number);
    this.writing.focus();
    this.composerTarget.scrollIntoView({ block: "nearest" });
    return true;
  }
  cancel() {
    if (!this.home || this.toTarget.hidden) return;
    this.home.place.after(this.composerTarget);
    this.toTarget.hidden = true;
    this.labelTarget.textContent = this.home.label;
    this.verbTarget.textContent = this.home.verb;
    this.writing.placeholder = this.home.placeholder;
    this.answer(this.home.parent);
    this.link?.focus();
  }
  // What the composer was before it was moved, taken once.
  remember() {
    if (this.home) return;
    const place = document.createComment("composer");
    this.composerTarget.before(place);
    const { placeholder } = this.writing;
    const { value: parent } = this.composerTarget.elements.parent;
    this.home = { place, placeholder, parent, label: this.labelTarget.textContent, verb: this.verbTarget.textContent };
  }
  passageAt(link) {
    return passage(link.closest("article").querySelector(".text"), getSelection());
  }
  answer(parent) {
    this.application.getControllerForElementAndIdentifier(this.composerTarget, "composer").answer(parent);
  }
  get writing() {
    return this.composerTarget.querySelector("textarea");
  }
}
