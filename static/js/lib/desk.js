// Lays a desk that has come anew over the one that is shown: nobody loses their place, or what they are writing.
import { renewDue } from "./renewal.js";

// Somebody writes here, or has written something that is not posted yet.
function isWrittenIn(place) {
  if (place.querySelector("[data-token]")) return true;
  const fields = [...place.querySelectorAll("textarea, input:not([type=hidden])")];
  return fields.some((field) => field === document.activeElement || field.value.trim() !== "");
}

export function layDesk(list, page) {
  const fresh = page.getElementById("desk-list");
  renewDue(list, fresh);
  layList(list, fresh);
  for (const id of ["desk-filters", "desk-figures"]) layBeside(document.getElementById(id), page.getElementById(id));
}

function layList(list, fresh) {
  const shown = new Map(itemsOf(list).map((item) => [item.id, item]));
  const coming = itemsOf(fresh);
  const ids = new Set(coming.map((item) => item.id));
  for (const [id, item] of shown) if (!ids.has(id)) letGo(item);
  for (const rest of list.querySelectorAll(":scope > :not(.desk-item, p)")) rest.remove();
  let before = list.querySelector(":scope > p");
  for (const item of coming) {
    const here = shown.get(item.id);
    if (here) renew(here, item);
    else before.after(item);
    before = here ?? item;
  }
  list.append(...[...fresh.children].filter((rest) => !rest.matches(".desk-item, p")));
}

// What stands beside the list: as it comes, what was folded out still is.
export function layBeside(place, fresh) {
  const open = [...place.querySelectorAll("details")].map((details) => details.open);
  fresh.querySelectorAll("details").forEach((details, index) => (details.open = open[index] ?? false));
  place.replaceChildren(...fresh.childNodes);
}

export function itemsOf(list) {
  return [...list.querySelectorAll(":scope > .desk-item")];
}

// What is being read or written in stays until one has gone on.
function letGo(item) {
  if (item.contains(document.activeElement) || isWrittenIn(item)) item.querySelector("[data-meanwhile]").hidden = false;
  else item.remove();
}

function renew(item, fresh) {
  item.dataset.state = fresh.dataset.state;
  if (item.dataset.stamp === fresh.dataset.stamp) return;
  const parts = [...item.querySelectorAll(":scope > [data-part]")];
  if (parts.some(isWrittenIn)) return;
  item.dataset.stamp = fresh.dataset.stamp;
  for (const part of parts) {
    const hadFocus = part.contains(document.activeElement);
    layBeside(part, fresh.querySelector(`[data-part=${part.dataset.part}]`));
    if (hadFocus) item.focus();
  }
}
