// Who writes right now: each is heard of every few seconds, and forgotten soon after the last time.
const MEMORY = 5_000;

export class Writers {
  constructor() {
    this.until = new Map();
  }
  heard(name, now) {
    this.until.delete(name);
    this.until.set(name, now + MEMORY);
  }
  // Whose post came no longer writes it.
  posted(name) {
    this.until.delete(name);
  }
  names(now) {
    for (const [name, until] of this.until) if (until <= now) this.until.delete(name);
    return [...this.until.keys()];
  }
}

// Lets through one call in so many milliseconds, the first at once.
export function atMostEvery(pause, clock = Date.now) {
  let last = -Infinity;
  return () => {
    if (clock() - last < pause) return false;
    last = clock();
    return true;
  };
}
