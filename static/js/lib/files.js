// Which uploaded files a text that is being written has: kept on this device by the text's place.
const PREFIX = "files:";

export function chosenOf(storage, place) {
  try {
    return JSON.parse(storage.getItem(PREFIX + place)) ?? [];
  } catch {
    return [];
  }
}

export function remember(storage, place, ids) {
  try {
    if (ids.length) storage.setItem(PREFIX + place, JSON.stringify([...new Set(ids)]));
    else storage.removeItem(PREFIX + place);
  } catch {
    // Then only the page knows.
  }
}

// As a form sends them.
export const fieldsOf = (ids = []) => Object.fromEntries(ids.map((id) => [`file-${id}`, "on"]));

export const idsIn = (form) => [...form.querySelectorAll("input[name^=file-]:checked")].map(({ name }) => name.slice("file-".length));

// The place of the text that a composer holds now.
export function placeOf({ dataset, elements }) {
  return [dataset.filesMemberValue, dataset.filesDiscussionValue, elements.parent?.value ?? ""].join(":");
}
