// Sends one's own texts, from whatever page. Those that belong to this one are shown where they will stand while they are
// on their way, and given back if they are refused; of the first that does not, `outbox:away` tells.
import { Controller } from "@hotwired/stimulus";
import { device } from "../lib/device.js";
import { remove, wayTo } from "../lib/outbox.js";
import { Postman } from "../lib/postman.js";
import { send } from "../lib/sending.js";
import { clear, lay, placeAt, say, shownOf, underWay } from "../lib/under_way.js";

const SETTLING = 3_000;

export default class extends Controller {
  static targets = ["post"];
  static values = { member: String, discussion: String };

  connect() {
    const show = (entry, state) => this.show(entry, state);
    const tell = { show, sent: (entry, answer) => this.posted(entry, answer), refused: (entry) => show(entry, "refused") };
    this.postman = new Postman({ storage: device, member: this.memberValue, send, tell });
    // The composer, which takes back what was refused, is connected next.
    queueMicrotask(() => (this.refresh(), this.wake()));
  }
  disconnect() {
    this.postman.rest();
  }
  wake() {
    this.postman.wake();
  }
  // A post of one's own has come: perhaps the one whose answer was lost.
  stir({ detail: { html = "" } }) {
    if (html.includes(`data-author="${this.memberValue}"`)) this.wake();
  }
  // As another window, or this page before, has left it.
  refresh() {
    const { waiting } = this.postman;
    for (const shown of underWay()) if (!waiting.some((entry) => entry.token === shown.dataset.token)) clear(shown);
    for (const entry of waiting) if (entry.refused || !shownOf(entry)) this.show(entry, entry.refused ? "refused" : "waiting");
    this.lead();
  }
  // What is being saved of it at this moment comes first, so that the post takes the draft away.
  async queued({ detail: { entry, settled } }) {
    this.show(entry, "sending").focus();
    await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, SETTLING))]);
    this.wake();
  }
  isHere(entry) {
    return this.hasPostTarget && (this.discussionValue ? entry.discussion === this.discussionValue : Boolean(placeAt(entry)));
  }
  show(entry, state) {
    if (!this.isHere(entry)) return this.lead();
    const before = shownOf(entry);
    if (before?.dataset.state === state) return;
    if (state === "refused" && document.visibilityState === "visible" && this.giveBack(entry, false)) return;
    const article = before ?? lay(this.postTarget, entry);
    say(article, state, entry.refused);
    return article;
  }
  lead() {
    this.dispatch("away", { target: document, detail: { entry: this.postman.waiting.find((entry) => !this.isHere(entry)) } });
  }
  posted(entry, { html, number }) {
    this.dispatch("posted", { target: document, detail: { entry, html, number } });
    this.lead();
  }
  giveBack(entry, asked) {
    const offer = this.dispatch("refused", { target: document, cancelable: true, detail: { entry, asked } });
    if (offer.defaultPrevented) this.forget(entry);
    return offer.defaultPrevented;
  }
  forget(entry) {
    remove(device, entry.token);
    if (shownOf(entry)) clear(shownOf(entry));
  }
  press({ target }) {
    const button = target.closest?.("[data-press]");
    const entry = button && this.postman.waiting.find(({ token }) => token === button.closest("[data-token]")?.dataset.token);
    if (entry && button.dataset.press === "discard") this.forget(entry);
    else if (entry && !this.giveBack(entry, true)) location.assign(wayTo(entry));
  }
}
