// A number on a page that has risen counts up to what it says; where motion is not wanted it says it at once.
const LASTS = 900;

export const numberIn = (words) => Number(words.replace(/\D/g, ""));

export function countUp(place, from) {
  const words = place.textContent;
  const to = numberIn(words);
  if (from >= to || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const written = new Intl.NumberFormat(document.documentElement.lang);
  const begun = performance.now();
  const step = (now) => {
    const part = Math.min(1, Math.max(0, now - begun) / LASTS);
    place.textContent = part < 1 ? written.format(Math.round(from + (to - from) * part)) : words;
    if (part < 1) requestAnimationFrame(step);
  };
  step(begun);
}
