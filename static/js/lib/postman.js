// Takes one person's texts out of the outbox, the oldest first: each goes until the server has it or says why not. What
// stops one of them (no network, no session) stops all; without network it tries again, ever more rarely.
// `tell` is told show(entry, state), sent(entry, answer) and refused(entry).
import { fieldsOf } from "./files.js";
import { alone, entries, outcome, pause, put, remove } from "./outbox.js";

export class Postman {
  constructor({ storage, member, send, tell }) {
    Object.assign(this, { storage, member, send, tell, attempt: 0 });
  }
  get waiting() {
    return entries(this.storage, this.member);
  }
  wake() {
    this.attempt = 0;
    return this.go();
  }
  async go() {
    clearTimeout(this.timer);
    this.again = true;
    if (this.going) return;
    for (this.going = true; this.again; await alone(() => this.takeAll())) this.again = false;
    this.going = false;
  }
  rest() {
    clearTimeout(this.timer);
  }
  // None twice, even where the device would not let go of it.
  async takeAll() {
    const taken = new Set();
    const next = () => this.waiting.find(({ token, refused }) => !refused && !taken.has(token));
    for (let entry; (entry = next()); taken.add(entry.token)) if (!(await this.take(entry))) return;
  }
  // Whether the next one may go.
  async take(entry) {
    this.tell.show(entry, "sending");
    const { token, address, body, parent, draft, member, files } = entry;
    const answer = await this.send(address, { token, body, parent, draft, member, ...fieldsOf(files) }, "post").catch(() => null);
    const done = outcome(answer);
    if (done === "sent") {
      remove(this.storage, token);
      this.tell.sent(entry, answer);
      return true;
    }
    if (done === "refused") {
      const { refused, can_answer: canAnswer } = answer;
      const back = { ...entry, refused, canAnswer };
      put(this.storage, back);
      this.tell.refused(back);
      return true;
    }
    for (const each of this.waiting) if (!each.refused) this.tell.show(each, done);
    if (done === "waiting") this.timer = setTimeout(() => this.go(), pause(this.attempt++));
    return false;
  }
}
