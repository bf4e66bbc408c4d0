// A page that is asked for again while it is shown: only what has changed in it is laid anew.
const sources = new WeakMap();

export function remember(element) {
  sources.set(element, element.outerHTML);
  return element;
}

const isSame = (old, fresh) => Boolean(old) && sources.get(old) === fresh.outerHTML;

// The page at the address as it is now; null where it is no longer to be had.
export async function asked(address) {
  const answer = await fetch(address);
  if (answer.redirected || answer.status === 403 || answer.status === 404) return null;
  if (!answer.ok) throw new Error(`answered with ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// How long what is shown holds, if nobody does anything.
export function renewDue(place, { dataset }) {
  if ("dueSecondsValue" in dataset) place.dataset.dueSecondsValue = dataset.dueSecondsValue;
  else delete place.dataset.dueSecondsValue;
}

// One at a time with a rest between; what is wanted meanwhile is done once more.
export function oneAtATime(act, rest) {
  let wanted = false;
  let busy = false;
  return async () => {
    wanted = true;
    if (busy) return;
    busy = true;
    while (wanted) {
      wanted = false;
      await act();
      await new Promise((rested) => setTimeout(rested, rest));
    }
    busy = false;
  };
}

// Whoever stands on a link of the part goes on standing there.
export function renewPart(part, fresh) {
  if (isSame(part, fresh)) return;
  sources.set(part, fresh.outerHTML);
  const at = [...part.querySelectorAll("a")].indexOf(document.activeElement);
  part.replaceChildren(...fresh.childNodes);
  if (at >= 0) (part.querySelectorAll("a")[at] ?? part.querySelector("a:last-of-type"))?.focus();
}

// Children are known by their data-number.
export function renewList(list, fresh) {
  const old = new Map([...list.children].map((child) => [child.dataset.number, child]));
  const wanted = [...fresh.children].map((child) => {
    const known = old.get(child.dataset.number);
    return isSame(known, child) ? known : remember(child);
  });
  for (const child of [...list.children]) if (!wanted.includes(child)) child.remove();
  wanted.forEach((child, place) => {
    if (list.children[place] !== child) list.insertBefore(child, list.children[place] ?? null);
  });
}
