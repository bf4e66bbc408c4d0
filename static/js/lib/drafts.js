// Texts under way as this device keeps them, under who writes, where, and to which post. Storage may be full or
// forbidden: then nothing is kept here and nothing breaks. A record is {text, version, dirty, id, after}: the server's
// version it goes on from, whether it says more than that, its own name and that of the record it took the place of.
const PREFIX = "draft:";

export const draftKey = (member, discussion, parent) => `${PREFIX}${member}:${discussion}:${parent || ""}`;

// Where one person's texts are kept on this device; not those that stand beside another window's.
export function draftPlaces(storage, member) {
  try {
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index));
    return keys.filter((key) => key.startsWith(`${PREFIX}${member}:`) && !key.endsWith("~")).map((key) => {
      const [, , discussion, parent] = key.split(":");
      return { key, discussion, parent };
    });
  } catch {
    return [];
  }
}

export const named = () => Math.random().toString(36).slice(2);

export const blank = (version = 0, after = "") => ({ text: "", version, dirty: false, id: named(), after });

export const isBlank = (text) => !text.trim();

const bare = (text) => text.replace(/\r\n?/g, "\n").trim();

// Line ends, and spaces around a text, are nothing to choose between.
export const isAlike = (one, other) => bare(one) === bare(other);

export function parse(value) {
  if (!value) return null;
  try {
    const record = JSON.parse(value);
    if (typeof record.text === "string") return { version: 0, dirty: true, after: "", ...record };
  } catch {
    // A text as it was kept before there were records.
  }
  return { text: value, version: 0, dirty: true, id: named(), after: "" };
}

export function read(storage, key) {
  try {
    return parse(storage.getItem(key));
  } catch {
    return null;
  }
}

// An empty record is kept only while the server still has to hear that the text is gone.
export function write(storage, key, record) {
  try {
    if (record && (!isBlank(record.text) || (record.version && record.dirty))) storage.setItem(key, JSON.stringify(record));
    else storage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

// What to do about a text of another window: `mine` is this window's, `touched` if it was typed here; `other` is now
// on the device and null if it is gone, `before` was there until then.
export function heard(mine, touched, other, before) {
  if (!other) return !touched || before?.id === mine.id ? "clear" : "stay";
  if (other.id === mine.id || isAlike(other.text, mine.text)) return "adopt";
  return !touched || isBlank(mine.text) || other.after === mine.id ? "take" : "choose";
}

// What to do about the server's draft {version, body}: version 0 is none.
export function found(mine, { version, body }) {
  if (version === mine.version) return mine.dirty ? "save" : "stay";
  if (!version) return mine.dirty ? "save" : "clear";
  if (isAlike(body, mine.text)) return "adopt";
  return mine.dirty && !isBlank(mine.text) ? "choose" : "take";
}

// The version that the page came with: "0:531 7:88" by answered post; null where it does not know.
export function versionIn(versions, parent) {
  if (versions === "?") return null;
  const [, version] = versions.match(new RegExp(`(?:^| )${Number(parent) || 0}:(\\d+)`)) ?? [];
  return Number(version ?? 0);
}
