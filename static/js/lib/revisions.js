// Which events a page may put in as they come. One that is too early waits for those before it; while any waits, the page
// is behind and has to ask.
export class Revisions {
  constructor(last) {
    this.last = last;
    this.early = new Map();
  }
  get isBehind() {
    return this.early.size > 0;
  }
  // The events that follow now, in order: none if this one is known or too early.
  hear(event) {
    if (event.revision > this.last) this.early.set(event.revision, event);
    return this.following();
  }
  // The server has told everything up to this revision.
  caughtUp(revision) {
    this.last = Math.max(this.last, revision);
    for (const early of this.early.keys()) if (early <= this.last) this.early.delete(early);
    return this.following();
  }
  following() {
    const events = [];
    for (let next = this.last + 1; this.early.has(next); next += 1) {
      events.push(this.early.get(next));
      this.early.delete(next);
      this.last = next;
    }
    return events;
  }
}
