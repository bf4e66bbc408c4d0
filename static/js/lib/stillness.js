// Changes the page so that what the reader looks at stays where it stands: the form that is written in, else the first
// post in view. Browsers that would do it by themselves leave it to this, so that it is done once.
export function keepStill(change) {
  const root = document.documentElement;
  const held = formInUse() ?? firstPostInView();
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

function firstPostInView() {
  return [...document.querySelectorAll("article[data-number]")].find(isInView);
}

function isInView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}
