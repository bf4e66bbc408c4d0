// The wall turns through the newest posts by itself, shows what comes at once, and stops at a post.
import { Controller } from "@hotwired/stimulus";
import { Rotation, stay } from "../lib/rotation.js";
import { stage } from "../lib/stage.js";

const GLANCE = 4_000; // that a new post has for itself when the next one is there already
const KEYS = { " ": "pause", ArrowLeft: "previous", PageUp: "previous", ArrowRight: "next", PageDown: "next" };

export default class extends Controller {
  static targets = ["posts", "turn", "pause", "place", "waiting"];

  connect() {
    this.rotation = new Rotation();
    this.turnTarget.hidden = false;
    this.element.classList.add("is-turning");
    this.take();
    this.stay();
    this.fitting = new ResizeObserver(() => this.show());
    this.fitting.observe(this.postsTarget);
  }
  disconnect() {
    this.fitting.disconnect();
    clearTimeout(this.turning);
  }
  take() {
    const posts = [...this.postsTarget.querySelectorAll("article")].map(({ dataset }) => ({ number: Number(dataset.number), columns: Number(dataset.columns) }));
    const hasCome = this.rotation.take(posts);
    this.show();
    if (hasCome) this.stay(Math.max(0, (this.newsUntil ?? 0) - Date.now()));
  }
  show() {
    stage(this.postsTarget, this.rotation);
    const { waiting, at, posts } = this.rotation;
    this.placeTarget.textContent = posts.length ? `${at + 1} / ${posts.length}` : "";
    this.waitingTarget.hidden = !waiting.length;
    this.waitingTarget.textContent = this.waitingTarget.dataset.words.replace("{count}", waiting.length);
  }
  stay(ms = stay(this.rotation.shown.reduce((sum, post) => sum + post.columns, 0))) {
    clearTimeout(this.turning);
    if (!this.isPaused) this.turning = setTimeout(() => this.next(), ms);
  }
  turn(way) {
    this.rotation[way]();
    this.newsUntil = this.rotation.news.length ? Date.now() + GLANCE : 0;
    this.show();
    this.stay(this.rotation.waiting.length ? GLANCE : undefined);
  }
  next() {
    this.turn("next");
  }
  previous() {
    this.turn("previous");
  }
  pause() {
    this.isPaused = !this.isPaused;
    this.pauseTarget.setAttribute("aria-pressed", this.isPaused);
    this.stay();
  }
  press(event) {
    const ownKey = event.key === " " && event.target.closest("a, button");
    const does = event.ctrlKey || event.metaKey || event.altKey || ownKey ? null : KEYS[event.key];
    if (!does) return;
    event.preventDefault();
    this[does]();
  }
}
