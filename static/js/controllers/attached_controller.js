// The files that a text in the composer has. This device remembers which, by the text's place; the server lists them.
import { Controller } from "@hotwired/stimulus";
import { device } from "../lib/device.js";
import { chosenOf, idsIn, placeOf, remember } from "../lib/files.js";
import { idOf, itemsOf } from "../lib/uploads.js";

export default class extends Controller {
  static targets = ["list"];
  static values = { address: String, discussion: String };

  // What the server laid into a page that it refused is there already.
  connect() {
    if (idsIn(this.element).length) this.keep();
    else this.restore();
  }
  keep() {
    remember(device, placeOf(this.element), idsIn(this.element));
  }
  // Those of a place that has been left meanwhile are shown when the composer is back there.
  take({ detail: { html, place } }) {
    const items = itemsOf(html);
    const idIn = (item) => idOf(item.querySelector("input"));
    if (place !== placeOf(this.element)) return remember(device, place, [...chosenOf(device, place), ...items.map(idIn)]);
    const there = [...this.listTarget.querySelectorAll("input")].map(idOf);
    this.listTarget.append(...items.filter((item) => !there.includes(idIn(item))).map((item) => document.importNode(item, true)));
    this.keep();
  }
  clear() {
    this.listTarget.replaceChildren();
    this.keep();
  }
  // The composer stands at another place now, or the page has come anew.
  async restore() {
    this.listTarget.replaceChildren();
    const place = placeOf(this.element);
    const ids = chosenOf(device, place);
    const answer = ids.length && (await fetch(`${this.addressValue}?${ids.map((id) => `file-${id}`).join("&")}`).catch(() => null));
    if (!answer?.ok || answer.redirected || place !== placeOf(this.element)) return;
    this.take({ detail: { html: await answer.text(), place } });
  }
  // With what the composer has taken back of a text that was refused.
  takeBack({ defaultPrevented, detail: { entry } }) {
    if (!defaultPrevented || entry.discussion !== this.discussionValue || !entry.files?.length) return;
    remember(device, placeOf(this.element), [...idsIn(this.element), ...entry.files]);
    this.restore();
  }
}
