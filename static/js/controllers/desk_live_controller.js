// What happens meanwhile: the list is asked for again, and who writes a comment on what is said beside it.
import { Controller } from "@hotwired/stimulus";
import { listen } from "../live.js";

const GATHER = 1_000;
const ASK_AGAIN = 30_000;
const WRITING_FOR = 5_000;
const TELL_EVERY = 3_000;

export default class extends Controller {
  static targets = ["list", "state"];
  static values = { class: String, member: Number };

  connect() {
    this.fading = new Map();
    this.ear = listen({ desk: this.classValue }, {
      joined: () => this.joined(),
      lost: () => this.lost(),
      refused: () => this.lost(),
      "desk:changed": () => this.later(GATHER),
      "desk:writing": (writing) => this.sayWriting(writing),
    });
  }
  disconnect() {
    this.ear.stop();
    clearTimeout(this.asking);
  }
  // Whatever came between the page and now was not heard.
  joined() {
    this.stateTarget.hidden = true;
    this.isLost = false;
    this.ask();
  }
  lost() {
    this.stateTarget.hidden = false;
    this.isLost = true;
    this.later(ASK_AGAIN);
  }
  later(wait) {
    this.asking ??= setTimeout(() => this.ask(), wait);
  }
  ask() {
    clearTimeout(this.asking);
    this.asking = undefined;
    this.dispatch("changed");
    if (this.isLost) this.later(ASK_AGAIN);
  }

  sayWriting({ discussion, number, member, name }) {
    const item = this.listTarget.querySelector(`.desk-item[data-discussion="${discussion}"][data-number="${number}"]`);
    if (!item || member === this.memberValue) return;
    const place = item.querySelector(".desk-writing");
    place.textContent = place.dataset.words.replace("{name}", () => name);
    clearTimeout(this.fading.get(item.id));
    this.fading.set(item.id, setTimeout(() => (place.textContent = ""), WRITING_FOR));
  }
  // One's own comment under way, told to the others now and then.
  tell(event) {
    const item = event.target.closest(".composer")?.closest(".desk-item");
    if (!item || !event.target.value?.trim() || Date.now() - (this.told ?? 0) < TELL_EVERY) return;
    this.told = Date.now();
    this.ear.typing(Number(item.dataset.discussion), Number(item.dataset.number));
  }
}
