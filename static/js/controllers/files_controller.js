// Files for the text being written: sent as soon as they are chosen, pasted or dropped, and kept by the server until the
// text goes out. A text waits for its files.
import { Controller } from "@hotwired/stimulus";
import { placeOf } from "../lib/files.js";
import { Uploads } from "../lib/uploads.js";

export default class extends Controller {
  static targets = ["state", "input"];
  static values = { member: String, discussion: String, address: String };

  connect() {
    const begun = (name) => this.say("sending", name);
    const kept = (html, place) => (this.say(), this.dispatch("kept", { detail: { html, place } }));
    const failed = (reason, name) => this.fail(reason ?? this.words("offline", name));
    this.uploads = new Uploads({ address: this.addressValue, member: this.memberValue, tell: { begun, kept, failed } });
  }
  choose() {
    this.add([...this.inputTarget.files]);
    this.inputTarget.value = "";
  }
  // Where words were copied along with their picture, the words are meant.
  paste({ clipboardData: { files, types } }) {
    if (!types.includes("text/plain")) this.add([...files]);
  }
  over(event) {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  }
  drop(event) {
    if (event.dataTransfer.files.length) event.preventDefault();
    this.add([...event.dataTransfer.files]);
  }
  async add(files) {
    if (!files.length || this.element.classList.contains("is-locked")) return;
    this.failed = "";
    await this.uploads.add(files, placeOf(this.element));
    const submitter = this.held;
    if (this.uploads.under || !submitter) return;
    this.held = undefined;
    this.element.requestSubmit(submitter);
  }
  // Before the composer takes the text; a preview needs no files.
  hold(event) {
    if (!this.uploads.under || event.submitter?.formNoValidate) return;
    event.preventDefault();
    this.held = event.submitter;
    this.say("waits");
  }
  fail(reason) {
    this.failed = reason;
    this.held = undefined;
    this.say();
  }
  // The text is on its way, or another one is in the composer.
  hush() {
    this.fail("");
  }
  say(words, name) {
    this.stateTarget.textContent = words ? this.words(words, name) : (this.failed ?? "");
    this.stateTarget.classList.toggle("is-bad", !words && Boolean(this.failed));
  }
  words(key, name = "") {
    return this.stateTarget.dataset[key].replace("{name}", name);
  }
}
