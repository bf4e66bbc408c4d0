// Brings what is heard into order and asks for what is missing: `news:posts` (articles that are new or changed),
// `news:window` (whether the discussion is open, until when), `news:head`, `news:figures`; `news:stale` if the page shows
// less than there is; `news:answered`, `news:failed`, `news:refused` as the server answers.
import { Controller } from "@hotwired/stimulus";
import { answerTo, articlesOf } from "../lib/answers.js";
import { Asking } from "../lib/asking.js";
import { Revisions } from "../lib/revisions.js";

const GAP = 1_500; // what is missing is mostly on its way
const WHOLE_CLASS = 3_000; // everybody asks when a discussion opens or closes

export default class extends Controller {
  static values = { address: String, reads: Boolean, gone: String, signedOut: String };

  connect() {
    this.revisions = new Revisions(Number(this.element.dataset.revision));
    this.asking = new Asking(() => this.ask());
  }
  disconnect() {
    this.asking.stop();
  }
  joined({ detail: { revision, now, state, closes_at: closesAt } }) {
    this.element.dataset.joined = "true";
    this.tell("window", { state, closesAt: Date.parse(closesAt), now: Date.parse(now), exact: true });
    if (revision > this.revisions.last) this.want(GAP);
  }
  heard({ detail }) {
    this.put(this.revisions.hear(detail));
    if (this.revisions.isBehind) this.asking.within(GAP);
  }
  put(events) {
    this.element.dataset.revision = this.revisions.last;
    const html = events.map((event) => event.html ?? "").join("");
    if (html) this.tell("posts", { articles: articlesOf(html) });
    if (events.some((event) => event.html === undefined)) this.want(WHOLE_CLASS);
  }

  // Others of the page ask, too: without a connection, or as the closing time is reached.
  wanted({ detail }) {
    this.want(detail?.within ?? 0);
  }
  want(within) {
    this.isWanted = true;
    this.asking.within(within);
  }
  async ask() {
    if (!this.isWanted && !this.revisions.isBehind) return;
    this.isWanted = false;
    const answer = await answerTo(this.readsValue ? `${this.addressValue}?since=${this.revisions.last}` : this.addressValue);
    if (answer.outcome === "answered") this.answered(answer);
    else if (answer.outcome === "failed") this.tell("failed");
    else if (answer.outcome === "stale") this.tell("stale", { atOnce: true });
    else this.tell("refused", { sentence: this[`${answer.outcome}Value`] });
  }
  answered({ revision, more, articles, head, figures, window }) {
    this.tell("answered");
    if (more || (!this.readsValue && articles.length)) this.tell("stale", { atOnce: !more });
    if (this.readsValue) this.tell("posts", { articles });
    this.tell("head", { head });
    this.tell("figures", figures);
    this.tell("window", window);
    this.put(this.revisions.caughtUp(revision));
  }
  tell(name, detail) {
    this.dispatch(name, { detail });
  }
}
