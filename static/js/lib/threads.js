// The posts on a page: threads of a discussion, or the replies to the one reflection (`root`) that a page is about.
import { placeAmong } from "./places.js";

export const numberOf = (element) => Number(element.id.replace(/\D+/, ""));
const levelOf = (heading) => heading.getAttribute("aria-level") ?? heading.localName.slice(1);
const controlsOf = (article) => [...article.querySelectorAll("a, button")];

export class Threads {
  // `grows`: all posts are shown, so new ones go in; `level`: of their headings, if not their own.
  constructor({ list, root, level, grows }) {
    Object.assign(this, { list, root, level, grows });
  }
  isHere(article) {
    return !this.root || [numberOf(article), Number(article.dataset.root)].includes(this.root);
  }
  // Whether it stands on the page now.
  put(article) {
    const shown = document.getElementById(article.id);
    const isDeleted = Boolean(article.querySelector("[data-deleted]"));
    if (shown) return (isDeleted && this.takeAway(shown)) || this.replace(shown, article);
    if (!this.grows || !this.list || isDeleted) return false;
    return article.dataset.root ? this.insertReply(article) : this.insertReflection(article);
  }
  replace(shown, article) {
    const isFocused = shown === document.activeElement;
    const focused = controlsOf(shown).indexOf(document.activeElement);
    raise(article, levelOf(shown.querySelector(".who-name")));
    shown.replaceWith(article);
    if (isFocused) article.tabIndex = -1;
    (isFocused ? article : controlsOf(article)[focused])?.focus({ preventScroll: true });
    return true;
  }
  // Nobody has answered it. It stays, and says so, where it is what the page is about or somebody is at work with it.
  takeAway(article) {
    const around = article.parentElement;
    const gone = around.matches(".thread") ? around : article;
    const isInUse = gone.contains(document.activeElement) || gone.querySelector("form, article ~ *") || article.nextElementSibling?.matches("form");
    if (isInUse || numberOf(article) === this.root) return false;
    gone.remove();
    if (!this.root && around.matches(".replies") && !around.children.length) around.remove();
    return true;
  }
  insertReply(article) {
    const replies = this.root ? this.list : this.repliesTo(article.dataset.root);
    if (!replies) return false;
    raise(article, this.level);
    const others = [...replies.children].filter((child) => child.matches("article[id]"));
    const end = replies.querySelector(":scope > p:not(.quiet)"); // leads to those that are folded away
    return this.insert(article, others, replies, end, { later: this.root && this.leadsTo("later") });
  }
  insertReflection(article) {
    const thread = part("thread");
    thread.id = `thread-${numberOf(article)}`;
    thread.append(article);
    const others = [...this.list.querySelectorAll(".thread[id]")];
    const end = others[others.length - 1]?.nextSibling;
    return this.insert(thread, others, this.list, end, { earlier: this.leadsTo("earlier"), later: this.leadsTo("later") });
  }
  // Among the others by number, after all of them before `end`.
  insert(element, others, parent, end, otherPages) {
    const next = placeAmong(numberOf(element), others.map(numberOf), otherPages);
    if (next === undefined) return false;
    for (const nothing of this.list.querySelectorAll(".empty, .quiet")) nothing.remove();
    parent.insertBefore(element, next === null ? end ?? null : others.find((other) => numberOf(other) === next));
    return true;
  }
  repliesTo(number) {
    const thread = document.getElementById(`thread-${number}`);
    if (thread && !thread.querySelector(".replies")) thread.append(part("replies"));
    return thread?.querySelector(".replies");
  }
  leadsTo(page) {
    return Boolean(this.list.parentElement.querySelector(`.pager.is-${page}`));
  }
}

function part(name) {
  const made = document.createElement("div");
  made.className = name;
  return made;
}

function raise(article, level) {
  if (level) article.querySelector(".who-name").setAttribute("aria-level", level);
}
