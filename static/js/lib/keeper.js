// One text under way at one place: on the device with every key, on the server within seconds, and never over a newer
// text of another window or device before the person has chosen. `ask` loads and saves the server's draft; `tell` is
// told the `state`, a `text` to show, and another text to `choose` (null: nothing to choose any more).
import { blank, found, heard, isAlike, isBlank, named, parse, read, write } from "./drafts.js";

const PAUSE = 2_000;
const LONGEST = 10_000;
const RETRY = 15_000;

export class Keeper {
  constructor({ storage, key, hint = null, sent = 0, ask, tell }) {
    Object.assign(this, { storage, key, hint, ask, tell, aside: `${key}~` });
    this.record = read(storage, key) ?? blank();
    // What stands in the outbox is no draft any more.
    this.record.version = Math.max(this.record.version, sent);
    this.touched = false;
  }
  // `given` came with the page, as after a refusal.
  begin(given = "") {
    const left = given || read(this.storage, this.aside)?.text;
    if (left && !isAlike(left, this.record.text)) {
      const other = this.record;
      this.record = { ...other, text: left, dirty: true, id: named() };
      this.touched = true;
      if (isBlank(other.text)) this.persist();
      else this.choose(other, "window");
      this.say("text", left, "");
    } else if (!isBlank(this.record.text)) this.say("text", this.record.text, "restored");
    if (this.hint !== null) return this.compare();
  }
  // The page did not say what the server has: that is asked once somebody begins to write.
  meet() {
    if (this.hint === null && !this.met) this.compare();
  }
  // With what the server has: `afresh`, or if the page came with another version than the device's.
  async compare(afresh = false) {
    this.met = true;
    if (!afresh && this.hint === this.record.version) return this.record.dirty && this.soon();
    const server = await this.ask.load().catch(() => null);
    if (!server) return this.record.dirty && this.soon();
    if (this.theirs) return;
    const { version, body: text } = server;
    const done = found(this.record, server);
    if (done === "choose") this.choose({ text, version, dirty: false, id: named() }, "device");
    if (done === "adopt") this.put({ ...this.record, version, dirty: false });
    if (done === "take") this.show({ text, version, dirty: false, id: named(), after: this.record.id }, "restored");
    if (done === "clear") this.show(blank(0, this.record.id), "");
    if (done === "save") this.save();
  }
  type(text) {
    const other = read(this.storage, this.key);
    if (!this.theirs && other && other.id !== this.record.id && !isAlike(other.text, text)) this.choose(other, "window");
    if (this.theirs && isAlike(this.theirs.text, text)) this.agree();
    const { version, id: after } = this.record;
    this.onDevice = this.put({ text, version, dirty: true, id: named(), after });
    this.touched = true;
    this.say("state", isBlank(text) || !this.onDevice ? "" : "kept");
    this.soon();
  }
  soon() {
    const now = Date.now();
    this.since ??= now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(PAUSE, this.since + LONGEST - now)));
  }
  async save() {
    clearTimeout(this.timer);
    if (this.saving || this.theirs || !this.record.dirty) return;
    const sent = this.record;
    this.since = undefined;
    this.saving = this.ask.save(sent).then((answer) => this.saved(sent, answer), () => this.failed());
    await this.saving;
    this.saving = undefined;
    if (this.record.dirty && this.record.id !== sent.id) this.soon();
  }
  saved(sent, { status, version, body: text, refused }) {
    if (status === 409 && text !== undefined) return this.differ(sent, { text, version });
    if (status === 401 || status === 400 || status === 409) return this.say("state", "door");
    if (status >= 500 || status === 429) return this.failed();
    if (status !== 200) return this.say("state", "refused", refused);
    const dirty = this.record.dirty && (this.record.id !== sent.id || (!version && !isBlank(sent.text)));
    this.put({ ...this.record, version: version || this.record.version, dirty });
    if (!dirty) this.say("state", isBlank(this.record.text) ? "" : "saved");
  }
  // The server has another version; perhaps of the same text, as after an answer that was lost.
  differ(sent, { text, version }) {
    const isWhole = isAlike(text, this.record.text);
    if (!isWhole && !isAlike(text, sent.text)) return this.choose({ text, version, dirty: false, id: named() }, "device");
    this.put({ ...this.record, version, dirty: !isWhole });
    if (isWhole) this.say("state", "saved");
  }
  failed() {
    if (this.record.dirty) this.say("state", this.onDevice ? "offline" : "unkept");
    this.timer = setTimeout(() => this.save(), RETRY);
  }
  // Another window wrote, or took the text away.
  hear(value, before) {
    const other = parse(value);
    const done = heard(this.record, this.touched, other, parse(before));
    if (done === "adopt") this.record = other;
    if (done === "adopt" && this.theirs?.origin === "window") this.settle();
    if (done === "take") this.show(other, "");
    if (done === "clear") this.show(blank(this.record.version, this.record.id), "");
    if (done === "choose") this.choose(other, "window");
  }
  choose(theirs, origin) {
    clearTimeout(this.timer);
    this.theirs = { ...theirs, origin };
    if (origin === "window") this.persist();
    this.say("choose", theirs.text, origin);
  }
  take() {
    const { origin, ...theirs } = this.theirs;
    this.show(theirs, "");
    if (theirs.dirty) this.soon();
  }
  keepMine() {
    this.agree();
    return this.save();
  }
  // From now on the person's text goes on from the other one.
  agree() {
    const { version, id: after } = this.theirs;
    this.settle();
    this.put({ ...this.record, version: Math.max(version, this.record.version), dirty: true, id: named(), after });
  }
  // The version that a text sent now takes along: one more if it is being saved at this moment.
  get version() {
    return this.record.version + (this.saving ? 1 : 0);
  }
  // The text is in the outbox; another window's, if there is one, comes in its place.
  handOver() {
    clearTimeout(this.timer);
    const { theirs, version } = this;
    if (theirs) return this.take();
    this.put(blank(version, this.record.id));
    this.touched = false;
    this.say("state", "");
  }
  // Another place is shown from now on.
  leave() {
    this.left = true;
    return this.save();
  }
  say(what, ...words) {
    if (!this.left) this.tell[what](...words);
  }
  show(record, why) {
    this.settle();
    this.put(record);
    this.touched = false;
    this.say("text", record.text, why);
  }
  settle() {
    this.theirs = undefined;
    write(this.storage, this.aside, null);
    this.say("choose", null);
  }
  put(record) {
    this.record = record;
    return this.persist();
  }
  // Beside the other window's, as long as nobody has chosen.
  persist() {
    return write(this.storage, this.theirs?.origin === "window" ? this.aside : this.key, this.record);
  }
}
