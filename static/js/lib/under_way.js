// A text under way as a post, made from the page's own template and put where it will stand.
const part = (shown, name) => shown.querySelector(`[data-part=${name}]`);

export const underWay = () => [...document.querySelectorAll("[data-token]")];

export const shownOf = (entry) => underWay().find((shown) => shown.dataset.token === entry.token);

// On the desk every reflection has a place for what is written to it.
export const placeAt = ({ discussion, parent }) => document.querySelector(`[data-under-way="${discussion}-${parent}"]`);

export function lay(template, entry) {
  const thread = document.importNode(template.content.firstElementChild, true);
  thread.classList.add("thread");
  const article = thread.querySelector("article");
  article.dataset.token = entry.token;
  part(article, "text").textContent = entry.body;
  const to = part(article, "to");
  to.hidden = !entry.parent;
  to.textContent = to.dataset.words.replace("{number}", entry.parent);
  const files = part(article, "files");
  files.hidden = !entry.files?.length;
  files.textContent = files.dataset.words.replace("{count}", entry.files?.length ?? 0);
  const place = placeAt(entry);
  const answered = entry.parent && document.getElementById(`post-${entry.parent}`);
  if (place) place.append(article);
  else if (answered) repliesOf(answered.closest(".thread")).append(article);
  else (document.getElementById("threads") ?? template.parentElement).append(thread);
  return article;
}

function repliesOf(thread) {
  const replies = thread.querySelector(".replies") ?? document.createElement("div");
  replies.className = "replies";
  if (!replies.isConnected) thread.append(replies);
  return replies;
}

// `state`: sending, waiting, door, stranger, or refused with its reason.
export function say(article, state, reason) {
  const line = part(article, "state");
  article.dataset.state = state;
  line.textContent = reason ?? line.dataset[state];
  for (const way of article.querySelectorAll("[data-when]")) way.hidden = way.dataset.when !== state;
}

// The post itself, unless it has come by another way already.
export function land(article, html) {
  const post = document.importNode(new DOMParser().parseFromString(html, "text/html").querySelector("article"), true);
  const there = document.getElementById(post.id);
  const focused = article.contains(document.activeElement);
  const thread = article.closest(".thread.is-sending");
  if (there) clear(article);
  else article.replaceWith(post);
  if (!there && thread) Object.assign(thread, { id: `thread-${post.dataset.number}`, className: "thread" });
  const landed = there ?? post;
  landed.tabIndex = -1;
  if (focused) landed.focus({ preventScroll: true });
}

export function clear(article) {
  (article.closest(".thread.is-sending") ?? article).remove();
}
