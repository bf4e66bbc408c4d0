// The list of who is there, kept in the room: each tick is sent by itself, and those that others set meanwhile come in.
import { Controller } from "@hotwired/stimulus";
import { layBeside } from "../lib/desk.js";
import { send } from "../lib/sending.js";

const POLL = 10_000;

export default class extends Controller {
  static targets = ["state", "box", "save", "search", "bar", "said", "undo"];
  static values = { address: String, member: String, lost: String };

  connect() {
    this.pending = new Set();
    if (this.hasSaveTarget) this.saveTarget.hidden = true;
    this.searchTarget.hidden = false;
    this.lay();
    this.poll = setInterval(() => document.hidden || this.look(), POLL);
  }
  disconnect() {
    clearInterval(this.poll);
  }
  async tick({ target: box }) {
    if (this.pending.has(box)) return void (box.checked = !box.checked);
    this.pending.add(box);
    const { name, value, checked } = box;
    const change = checked ? { [name]: value } : { [`was_${name}`]: value };
    const answer = await send(this.addressValue, { member: this.memberValue, ...change }, "state").catch(() => ({}));
    this.pending.delete(box);
    if (answer.status === 200) this.settle(box, answer.html);
    else this.giveBack(box, answer.refused ?? this.lostValue);
  }
  settle(box, html) {
    const { on, off } = this.saidTarget.dataset;
    const [what, name] = box.nextElementSibling.textContent.split(" · ");
    this.last = box;
    this.say((box.checked ? on : off).replace("{name}", name).replace("{what}", what.toLowerCase()), true);
    this.lay(html);
  }
  giveBack(box, reason) {
    box.checked = !box.checked;
    this.say(reason, false);
  }
  say(words, canUndo) {
    this.barTarget.hidden = false;
    this.saidTarget.textContent = words;
    this.undoTarget.hidden = !canUndo;
  }
  undo() {
    this.last.click();
  }
  async look() {
    const address = `${this.addressValue}?fragment=state`;
    const answer = await fetch(address, { headers: { "X-Fragment": "state" } }).catch(() => null);
    if (answer?.ok && !answer.redirected) this.lay(await answer.text());
  }
  // What somebody is just ticking stays as they see it.
  lay(html) {
    if (html) layBeside(this.stateTarget, new DOMParser().parseFromString(html, "text/html").body);
    const { present, spoke } = this.stateTarget.firstElementChild.dataset;
    const ticked = { present: new Set(present.split(" ")), spoke: new Set(spoke.split(" ")) };
    for (const box of this.boxTargets) if (!this.pending.has(box)) box.checked = ticked[box.name].has(box.value);
  }
}
