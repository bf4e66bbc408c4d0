// Shows one's own texts where they will stand while they are on their way, and gives back what was refused.
import { Controller } from "@hotwired/stimulus";
import { device } from "../lib/device.js";
import { pageOf, remove } from "../lib/outbox.js";
import { Postman } from "../lib/postman.js";
import { send } from "../lib/sending.js";
import { clear, land, lay, say, shownOf, underWay } from "../lib/under_way.js";

const SETTLING = 3_000;

export default class extends Controller {
  static targets = ["post"];
  static values = { member: String, discussion: String, reads: Boolean };

  connect() {
    const tell = {
      show: (entry, state) => this.show(entry, state),
      sent: (entry, answer) => this.posted(entry, answer),
      refused: (entry) => this.show(entry, "refused"),
    };
    this.postman = new Postman({ storage: device, member: this.memberValue, send, tell });
    this.refresh();
    this.wake();
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
  }
  // What is being saved of it at this moment comes first, so that the post takes the draft away.
  async queued({ detail: { entry, settled, onward } }) {
    this.onward = { ...this.onward, [entry.token]: onward };
    this.show(entry, "sending").focus();
    await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, SETTLING))]);
    this.wake();
  }
  show(entry, state) {
    if (entry.discussion !== this.discussionValue) return;
    const before = shownOf(entry);
    if (before?.dataset.state === state) return;
    if (state === "refused" && document.visibilityState === "visible" && this.giveBack(entry, false)) return;
    const article = before ?? lay(this.postTarget, entry);
    say(article, state, entry.refused);
    return article;
  }
  posted(entry, { html, number, revision }) {
    if (shownOf(entry)) land(shownOf(entry), html);
    this.dispatch("posted", { target: document, detail: { discussion: entry.discussion, number: Number(number), revision: Number(revision) } });
    const onward = this.onward?.[entry.token];
    if (onward) return location.assign(onward);
    // Who has just written the first one may read the others now.
    if (entry.discussion === this.discussionValue && !this.readsValue) location.assign(`${pageOf(entry)}?show=${number}#post-${number}`);
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
    else if (entry && !this.giveBack(entry, true)) location.assign(entry.parent ? `${entry.address}/${entry.parent}#reply` : pageOf(entry));
  }
}
