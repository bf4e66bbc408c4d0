// Which posts the wall shows: one, or two that are short, in turn from the newest on; what has just come before all.
const SHORT = 200; // columns: about three lines on a projector
const LEAST = 9_000;
const MOST = 30_000;

// How long posts of so many columns stay: what a slow reader needs, who takes in ten columns (five Han) a second.
export function stay(columns) {
  return Math.min(MOST, Math.max(LEAST, 4_000 + 80 * columns));
}

export class Rotation {
  posts = []; // {number, columns}, the newest first
  waiting = []; // numbers that have come and were not shown yet, the oldest first
  news = []; // those among the shown that had waited
  at = 0;

  // Takes the posts as they are now and says whether one has come; what was shown and has gone gives way to the next.
  take(posts) {
    const isThere = (number) => posts.some((post) => post.number === number);
    const newest = Math.max(0, ...this.posts.map((post) => post.number));
    const come = posts.map((post) => post.number).filter((number) => this.taken && number > newest);
    const kept = this.posts.slice(this.at).find((post) => isThere(post.number));
    [this.posts, this.taken] = [posts, true];
    this.at = Math.max(0, this.indexOf(kept?.number));
    this.waiting = [...this.waiting, ...come.reverse()].filter(isThere);
    return come.length > 0;
  }
  get shown() {
    return this.posts.slice(this.at, this.at + (this.isPair(this.at) ? 2 : 1));
  }
  // After the oldest comes the newest again.
  next() {
    const after = this.at + this.shown.length;
    this.go(this.waiting.length ? this.indexOf(this.waiting[0]) : after);
  }
  previous() {
    const before = (this.at || this.posts.length) - 1;
    this.go(before > 0 && this.isPair(before - 1) ? before - 1 : before);
  }
  go(index) {
    this.at = index > 0 && index < this.posts.length ? index : 0;
    const numbers = this.shown.map((post) => post.number);
    this.news = this.waiting.filter((number) => numbers.includes(number));
    this.waiting = this.waiting.filter((number) => !numbers.includes(number));
  }
  isPair(index) {
    return this.posts.slice(index, index + 2).filter((post) => post.columns < SHORT).length === 2;
  }
  indexOf(number) {
    return this.posts.findIndex((post) => post.number === number);
  }
}
