// "Like" likes a post, or takes that back, without leaving the page. What the reader likes stands in the page's data-likes;
// where that is missing they may not. Where it fails, the link does what it does without script.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller {
  connect() {
    this.own = document.querySelector("[data-likes]");
    this.post = this.element.closest("article").dataset;
    this.may = this.own && this.own.dataset.viewer !== this.post.author;
    if (this.may) {
      this.address = this.element.href;
      this.element.setAttribute("role", "button");
      this.show();
    } else {
      this.element.removeAttribute("href");
      this.element.hidden = !this.element.querySelector("b");
    }
  }
  async toggle(event) {
    if (!this.may || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    const verb = this.likes ? "unlike" : "like";
    this.note(verb);
    try {
      this.element.replaceChildren(...(await this.sent(verb)).childNodes);
    } catch {
      location.assign(this.address);
    }
    this.busy = false;
  }
  get likes() {
    return this.numbers.includes(this.post.number);
  }
  get numbers() {
    return this.own.dataset.likes.split(" ");
  }
  // At once: the article may be laid anew before the answer is here.
  note(verb) {
    const others = this.numbers.filter((number) => number !== this.post.number);
    this.own.dataset.likes = [...others, ...(verb === "like" ? [this.post.number] : [])].join(" ");
    this.show();
  }
  show() {
    this.element.setAttribute("aria-pressed", this.likes);
  }
  async sent(verb) {
    const form = new FormData();
    form.set("csrf_token", document.querySelector("input[name=csrf_token]").value);
    const answer = await fetch(`${this.address}/${verb}`, { method: "POST", body: form, headers: { "X-Fragment": "post" } });
    if (!answer.ok || answer.redirected) throw new Error("not liked");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector(".act.is-like");
  }
}
