// The list of the desk: what is done in it is sent from here, and what waits comes anew without moving the reader.
import { Controller } from "@hotwired/stimulus";
import { layBeside, layList } from "../lib/desk.js";
import { pageOf } from "../lib/pages.js";
import { renewDue } from "../lib/renewal.js";
import { clearForm, refuseForm } from "../lib/sent.js";

const SAID_FOR = 8_000;

export default class extends Controller {
  static targets = ["list", "said"];

  initialize() {
    this.turn = 0;
  }
  async send(event) {
    const form = event.target;
    const elsewhere = form.dataset.plainly || event.submitter?.hasAttribute("formaction");
    if (elsewhere || !this.listTarget.contains(form)) return;
    event.preventDefault();
    event.stopPropagation();
    if (form.dataset.sent) return;
    form.dataset.sent = "true";
    const body = new FormData(form);
    body.set("next", this.address);
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
    delete form.dataset.sent;
    if (!answer) this.say(this.saidTarget.dataset.lost);
    else if (answer.ok) this.settle(form, await pageOf(answer));
    else if (answer.status === 422) refuseForm(form, await pageOf(answer));
    else this.sendPlainly(form);
  }
  // What has been asked for meanwhile is older than this answer, or newer: it is asked for once more.
  settle(form, page) {
    const at = this.items.indexOf(form.closest(".desk-item"));
    clearForm(form);
    this.turn += 1;
    this.lay(page);
    (this.items[at] ?? this.items.at(-1))?.focus();
    if (this.isAsking) this.refresh();
  }
  // What the server does not take it explains on a page of its own, with the text.
  sendPlainly(form) {
    form.dataset.plainly = "true";
    form.requestSubmit();
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
  lay(page) {
    const list = page.getElementById("desk-list");
    if (!list) return location.reload();
    renewDue(this.listTarget, list);
    layList(this.listTarget, list);
    for (const id of ["desk-filters", "desk-figures"]) layBeside(document.getElementById(id), page.getElementById(id));
    if (list.dataset.said) this.say(list.dataset.said);
  }
  say(words) {
    clearTimeout(this.saying);
    this.saidTarget.textContent = words;
    this.saying = setTimeout(() => (this.saidTarget.textContent = ""), SAID_FOR);
  }
  get items() {
    return [...this.listTarget.querySelectorAll(".desk-item")];
  }
  get address() {
    const address = new URL(this.listTarget.dataset.here, location);
    address.searchParams.set("fragment", "list");
    return address.pathname + address.search;
  }
}
