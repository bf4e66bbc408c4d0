// "3 new posts": a bar for what came outside of what the reader sees. It takes them there, and goes when they have seen it.
import { Controller } from "@hotwired/stimulus";
import { filled, phrase } from "../lib/phrases.js";

const COVERED = "0px 0px -64px"; // by the composer
const articleOf = (number) => document.getElementById(`post-${number}`);

export default class extends Controller {
  static targets = ["bar", "comment", "count", "said"];
  static values = { posts: Object, comment: String, commentOn: String, page: String };

  connect() {
    this.unseen = new Map();
    this.eyes = new IntersectionObserver((entries) => this.look(entries), { rootMargin: COVERED });
  }
  disconnect() {
    this.eyes.disconnect();
  }
  put({ detail: { posts, articles, highest } }) {
    this.highest = highest;
    for (const post of posts) this.unseen.set(`post-${post.number}`, post);
    let isFewer = false;
    for (const article of articles) {
      if (article.classList.contains("is-gone")) isFewer = this.unseen.delete(article.id) || isFewer;
      else if (this.unseen.has(article.id)) this.eyes.observe(article.querySelector(".who"));
    }
    const comments = posts.filter((post) => post.commenter);
    if (comments.length) this.saidTarget.textContent = comments.map((post) => this.sentence(post)).join(" ");
    if (isFewer || posts.some((post) => !post.stands)) this.show();
  }
  // Called for what begins to be observed, too: only then is it known whether it stands outside.
  look(entries) {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      this.eyes.unobserve(target);
      this.unseen.delete(target.closest("article").id);
    }
    this.show();
    if (!this.unseen.size) this.dispatch("none", { detail: { number: this.highest } });
  }
  show() {
    const posts = [...this.unseen.values()];
    this.barTarget.hidden = !posts.length;
    if (!posts.length) return;
    const { commenter } = posts.find((post) => post.commenter) ?? {};
    this.commentTarget.textContent = commenter ? filled(this.commentValue, { name: commenter }) : "";
    this.countTarget.textContent = commenter && posts.length === 1 ? "" : this.counted(posts.length);
    this.barTarget.classList.toggle("is-above", articleOf(this.first.number)?.getBoundingClientRect().top < 0);
    this.barTarget.href = this.pageValue.replace("NUMBER", this.first.number).replace("NUMBER", this.first.number);
  }
  // Those on the page first, by number.
  get first() {
    return [...this.unseen.values()].sort((one, other) => other.stands - one.stands || one.number - other.number)[0];
  }
  // Without script of ours the link would load the page with the post; where it stands here, it is gone to.
  go(event) {
    const article = this.first.stands && articleOf(this.first.number);
    if (!article) return;
    event.preventDefault();
    article.scrollIntoView({ block: "start" });
    const heading = article.querySelector(".who-name");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    this.unseen.delete(article.id);
    this.show();
  }
  counted(count) {
    return phrase(this.postsValue, count, document.documentElement.lang);
  }
  sentence({ commenter, answered }) {
    return filled(answered ? this.commentOnValue : this.commentValue, { name: commenter, number: answered });
  }
}
