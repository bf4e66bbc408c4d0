// Changes the page so that what the reader looks at stays where it stands: the form that is written in, else the post
// that begins in the upper half of the window, else the one that fills it. Browsers that would do it by themselves leave it to this, so that it is done once.
export function keepStill(change) {
  const root = document.documentElement;
  const held = formInUse() ?? postLookedAt();
  const before = held?.getBoundingClientRect().top;
  root.style.overflowAnchor = "none";
  change();
  const after = held?.isConnected ? held : document.getElementById(held?.id);
  if (after) scrollBy({ top: after.getBoundingClientRect().top - before, behavior: "instant" });
  requestAnimationFrame(() => (root.style.overflowAnchor = ""));
}

function formInUse() {
  const form = document.activeElement?.closest("main form");
  return form && getComputedStyle(form).position !== "sticky" && isInView(form) ? form : undefined;
}

function postLookedAt() {
  const posts = [...document.querySelectorAll("article[data-number]")].filter(isInView);
  return posts.find((post) => isBetween(0, post.getBoundingClientRect().top, innerHeight / 2)) ?? posts[0];
}

const isBetween = (least, value, most) => least <= value && value <= most;

function isInView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}
