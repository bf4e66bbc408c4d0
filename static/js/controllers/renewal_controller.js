// A page that stays up to date while it is shown: told that something has happened, it asks for itself again and lays
// what has changed. Without a socket it asks now and then.
import { Controller } from "@hotwired/stimulus";
import { countUp, numberIn } from "../lib/count_up.js";
import { asked, oneAtATime, remember, renewDue, renewList, renewPart } from "../lib/renewal.js";
import { listen } from "../live.js";

const POLL = 10_000;
const REST = 400; // when much is said at once
const EVENTS = ["post:published", "post:changed", "discussion:changed", "figures:changed"];

export default class extends Controller {
  static targets = ["part", "list", "lost"];
  static values = { discussion: Number };

  connect() {
    [...this.partTargets, ...this.listTarget.children].forEach(remember);
    this.renew = oneAtATime(() => this.ask(), REST);
    const [told, lost] = [true, false].map((hears) => () => {
      this.hears = hears;
      this.renew();
    });
    const heard = Object.fromEntries(EVENTS.map((event) => [event, this.renew]));
    this.ear = listen({ discussion: this.discussionValue, since: () => 0 }, { ...heard, joined: told, lost, refused: lost });
    this.poll = setInterval(() => this.hears || this.renew(), POLL);
  }
  disconnect() {
    this.ear.stop();
    clearInterval(this.poll);
  }
  async ask() {
    try {
      const page = await asked(location.href);
      if (page) this.lay(page);
      else location.reload();
      this.lostTarget.textContent = "";
    } catch {
      this.lostTarget.textContent = this.lostTarget.dataset.words;
    }
  }
  lay(page) {
    const before = this.figures.map((place) => numberIn(place.textContent));
    document.body.className = page.body.className;
    renewDue(this.element, page.querySelector("[data-controller~=renewal]"));
    for (const part of this.partTargets) renewPart(part, page.querySelector(`[data-part=${part.dataset.part}]`));
    this.figures.forEach((place, index) => countUp(place, before[index]));
    renewList(this.listTarget, page.querySelector("[data-renewal-target=list]"));
    this.dispatch("laid");
  }
  // How the page looks stands in its address, so that it can be kept.
  change(event) {
    event.preventDefault();
    history.replaceState(null, "", event.currentTarget.href);
    this.renew();
  }
  get figures() {
    return [...this.element.querySelectorAll(".figure b")];
  }
}
