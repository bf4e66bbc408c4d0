// The list of the desk: what is done in it is sent from here, and what waits comes anew without moving the reader.
import { Controller } from "@hotwired/stimulus";
import { itemsOf, layDesk } from "../lib/desk.js";
import { pageOf } from "../lib/pages.js";
import { clearForm, refuseForm } from "../lib/sent.js";

const SAID_FOR = 8_000;

export default class extends Controller {
  static targets = ["list", "said"];
  turn = 0;

  async send(event) {
    const form = event.target;
    const elsewhere = form.dataset.plainly || event.submitter?.hasAttribute("formaction");
    if (event.defaultPrevented || elsewhere || !this.listTarget.contains(form)) return;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "true";
    const body = new FormData(form);
    body.set("next", this.address);
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
    delete form.dataset.sent;
    if (!answer) this.say(this.saidTarget.dataset.lost);
    else if (answer.ok) this.settle(form, await pageOf(answer));
    else if (answer.status === 422) refuseForm(form, await pageOf(answer));
    else {
      // What the server does not take it explains on a page of its own, with the text.
      form.dataset.plainly = "true";
      form.requestSubmit();
    }
  }
  // What has been asked for meanwhile is older than this answer, or newer: it is asked for once more.
  settle(form, page) {
    const item = form.closest(".desk-item");
    const at = itemsOf(this.listTarget).indexOf(item);
    clearForm(form);
    if (item.contains(document.activeElement)) document.activeElement.blur();
    this.turn += 1;
    this.lay(page, at);
    if (this.isAsking) this.refresh();
  }
  // One's own comment went out of the outbox.
  posted() {
    this.done = this.saidTarget.dataset.posted;
    this.refresh();
  }

  async refresh() {
    const turn = (this.turn += 1);
    this.isAsking = true;
    const answer = await fetch(this.address).catch(() => null);
    const page = answer?.ok && (await pageOf(answer));
    if (turn !== this.turn) return;
    this.isAsking = false;
    if (page) this.lay(page);
  }
  // Whoever stood on what is gone stands on what has come in its place.
  lay(page, at = itemsOf(this.listTarget).findIndex((item) => item.contains(document.activeElement))) {
    const list = page.getElementById("desk-list");
    if (!list) return location.reload();
    this.dispatch("coming");
    layDesk(this.listTarget, page);
    this.dispatch("laid");
    if (at >= 0 && document.activeElement === document.body) itemsOf(this.listTarget).slice(0, at + 1).at(-1)?.focus();
    const done = list.dataset.said ?? this.done;
    this.done = undefined;
    if (done) this.say(`${done} ${list.dataset.left}`);
  }
  say(words) {
    clearTimeout(this.saying);
    this.saidTarget.textContent = words;
    this.saying = setTimeout(() => (this.saidTarget.textContent = ""), SAID_FOR);
  }
  get address() {
    const address = new URL(this.listTarget.dataset.here, location);
    address.searchParams.set("fragment", "list");
    return address.pathname + address.search;
  }
}
