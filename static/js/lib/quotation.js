// A passage as a quotation to be answered: every line behind ">", an empty line after it.
export function quotation(text) {
  const lines = text.trim().replace(/\n{3,}/g, "\n\n").split("\n");
  return `${lines.map((line) => `> ${line.trim()}`.trimEnd()).join("\n")}\n\n`;
}

// What is selected inside a place, or all of its text.
export function passage(place, selection) {
  const inside = selection && !selection.isCollapsed && place.contains(selection.anchorNode) && place.contains(selection.focusNode);
  return inside ? selection.toString() : place.innerText;
}
