// Asks the server for what came since: one question at a time, however often it is wanted, and after a pause of a length
// that differs between browsers, so that a whole class does not ask in the same moment.
export class Asking {
  constructor(ask, random = Math.random) {
    this.ask = ask;
    this.random = random;
  }
  // Within so many milliseconds; a question that is due sooner stands.
  within(longest) {
    const due = Date.now() + longest * this.random();
    if (this.running) this.again = true;
    else if (this.timer === undefined || due < this.due) {
      clearTimeout(this.timer);
      this.due = due;
      this.timer = setTimeout(() => this.run(), due - Date.now());
    }
  }
  async run() {
    this.timer = undefined;
    this.running = true;
    try {
      await this.ask();
    } finally {
      this.running = false;
      if (this.again) this.within(1_000);
      this.again = false;
    }
  }
  // Nothing more is asked, until it is wanted again.
  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}

const SHORT = 20_000;
const LONG = 160_000;

// The pause before the next question of a browser without a connection: longer after each that failed, never the same.
export function pauseAfter(failures, random = Math.random) {
  return Math.min(SHORT * 2 ** failures, LONG) * (0.8 + 0.4 * random());
}
