// Texts not posted yet, kept on this device under who writes, where, and to which post. Storage may be full or forbidden:
// then nothing is kept and nothing breaks.
const PREFIX = "draft:";
const SENT = "draft-sent";

export const draftKey = (place, parent) => `${PREFIX}${place}:${parent || ""}`;

export function keep(storage, key, text) {
  try {
    if (text.trim()) storage.setItem(key, text);
    else storage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

export function kept(storage, key) {
  try {
    return storage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

// Remembers that a text was sent: which one, when, and the highest own number seen before.
export function markSent(storage, key, member, after, at) {
  keep(storage, SENT, JSON.stringify({ key, member, after, at }));
}

// `posts`: the posts on the page as {author, number, at}. A text counts as posted once a newer post of its author stands.
export function clearPosted(storage, posts) {
  let sent;
  try {
    sent = JSON.parse(kept(storage, SENT));
  } catch {
    return false;
  }
  const slack = 2 * 60_000; // the server's clock and the device's differ
  const posted = posts.some(
    (post) => post.author === sent.member && post.number > sent.after && post.at >= sent.at - slack,
  );
  if (posted) {
    keep(storage, sent.key, "");
    keep(storage, SENT, "");
  }
  return posted;
}
