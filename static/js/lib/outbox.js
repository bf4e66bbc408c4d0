// Texts on their way, each kept on this device under its once-only token until the server has it or says why not:
// {token, member, discussion, parent, body, address, draft, at, files, refused?, canAnswer?}.
const PREFIX = "outbox:";
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 60_000;

export function newToken() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function put(storage, entry) {
  try {
    storage.setItem(PREFIX + entry.token, JSON.stringify(entry));
    return true;
  } catch {
    return false;
  }
}

export function remove(storage, token) {
  try {
    storage.removeItem(PREFIX + token);
  } catch {
    // Nothing was kept there.
  }
}

// One person's, oldest first.
export function entries(storage, member) {
  try {
    return Array.from({ length: storage.length }, (_, index) => storage.key(index))
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => JSON.parse(storage.getItem(key)))
      .filter((entry) => entry?.member === member)
      .sort((one, other) => one.at - other.at);
  } catch {
    return [];
  }
}

export const pageOf = ({ address }) => address.replace(/\/posts$/, "");

// To a composer for a text that was refused: where its post can no longer be answered, the discussion's own.
export const wayTo = (entry) => (entry.parent && entry.canAnswer !== false ? `${entry.address}/${entry.parent}#reply` : pageOf(entry));

// Up to which version a draft of this place is on its way.
export function sentVersion(storage, member, discussion, parent) {
  const same = (entry) => entry.discussion === discussion && (entry.parent || "") === (parent || "");
  return Math.max(0, ...entries(storage, member).filter(same).map((entry) => entry.draft));
}

// What an answer means: {status, number, refused, can_answer, csrf_token}; without one there was no network.
export function outcome(answer) {
  if (!answer) return "waiting";
  const { status, number, refused } = answer;
  if (status === 201 && number) return "sent";
  if (status === 401) return "door";
  if (refused && (status === 409 || (status === 400 && answer.csrf_token))) return "stranger";
  if (refused && status < 500 && ![408, 429].includes(status)) return "refused";
  return "waiting";
}

// Ever longer, and for each device a little different: not all come back at once.
export function pause(attempt, random = Math.random()) {
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt) * (0.75 + random / 2);
}

// One window at a time. Where there are no locks two may send: by its token the text is posted once all the same.
export function alone(task) {
  return navigator.locks ? navigator.locks.request("outbox", task) : task();
}
