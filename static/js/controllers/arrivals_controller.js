// Puts posts in their places as they come or change, without moving what the reader looks at, and tells (`arrivals:put`)
// which articles it put and which posts are news.
import { Controller } from "@hotwired/stimulus";
import { keepStill } from "../lib/stillness.js";
import { Threads, numberOf } from "../lib/threads.js";

const MOMENT = 1_500;

// Who commented, and on which post, if it is a comment.
function aboutComment(article) {
  if (!article.classList.contains("is-comment")) return {};
  const answered = article.querySelector(".to a")?.hash.replace(/\D+/, "") ?? article.dataset.root;
  return { commenter: article.querySelector(".who-name b").textContent, answered };
}

export default class extends Controller {
  static targets = ["new", "why"];
  static values = { list: String, root: Number, level: Number, grows: Boolean, highest: Number, member: String };

  connect() {
    const list = document.querySelector(this.listValue);
    this.threads = new Threads({ list, root: this.rootValue, level: this.levelValue, grows: this.growsValue });
  }
  take({ detail: { articles } }) {
    const early = articles.filter((article) => this.isUnderWay(article));
    if (early.length) setTimeout(() => this.takeUnlessThere(early), MOMENT);
    const due = articles.filter((article) => this.threads.isHere(article) && !early.includes(article));
    if (due.length) this.lay(due.map((article) => document.importNode(article, true)));
  }
  // What stands there by now may be newer.
  takeUnlessThere(articles) {
    this.take({ detail: { articles: articles.filter((article) => !document.getElementById(article.id)) } });
  }
  lay(articles) {
    let posts;
    keepStill(() => (posts = articles.map((article) => this.put(article)).filter(Boolean)));
    this.dispatch("put", { detail: { posts, articles, highest: this.highestValue } });
  }
  // The reader's own that is being sent comes here before the answer to whoever sends it, who puts it in its place.
  isUnderWay(article) {
    const isShown = document.getElementById(article.id);
    return article.dataset.author === this.memberValue && !isShown && document.querySelector("[data-token][data-state=sending]");
  }
  // Of a post that is news to the reader: whether it stands on this page.
  put(article) {
    const number = numberOf(article);
    const isFirst = number > this.highestValue;
    const wasNew = document.querySelector(`#${article.id} .tag.is-new`);
    const stands = this.threads.put(article);
    this.highestValue = Math.max(number, this.highestValue);
    const isOwn = article.dataset.author === this.memberValue;
    if (isOwn) this.sayWhere(article);
    if (isOwn || article.classList.contains("is-gone")) return undefined;
    if (stands && (isFirst || wasNew)) article.querySelector(".who-name").after(" ", document.importNode(this.newTarget.content, true));
    return isFirst ? { number, stands, ...aboutComment(article) } : undefined;
  }
  // Its author can see why a post was hidden.
  sayWhere(article) {
    const hidden = article.querySelector(".gone:not([data-deleted])");
    hidden?.append(document.importNode(this.whyTarget.content, true));
    if (hidden) hidden.querySelector("a").href = article.querySelector(".number").href;
  }
}
