// Where a post goes among those that are shown, by number: before which one, at the end (null), or nowhere (undefined)
// because it belongs on an earlier or a later page.
export function placeAmong(number, numbers, { earlier = false, later = false } = {}) {
  const next = numbers.find((other) => other > number);
  if (next === undefined) return later ? undefined : null;
  return earlier && next === numbers[0] ? undefined : next;
}
