// The last ten minutes: the words of the time that is left ("9:41"), and the minutes at which it is said aloud.
const MINUTE = 60_000;
export const LAST = 10 * MINUTE;
const SAID_AT = [1, 5, 10];

export function minutesAndSeconds(left) {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

// Which of the said minutes was passed last between two moments, or undefined. `before` is undefined at first.
export function minutePassed(before, left) {
  return SAID_AT.find((minutes) => before > minutes * MINUTE && left <= minutes * MINUTE && left > 0);
}

// How long until the words change; far from the end a look now and then is enough, since clocks are set right meanwhile.
export function untilNextLook(left) {
  return left > LAST ? Math.min(left - LAST, MINUTE) : left % 1000 || 1000;
}

// The server's clock minus ours. Its answers are dated to the second only, so a small difference is none.
export function offsetFrom(serverNow, known, exact, ourNow) {
  const offset = serverNow - ourNow;
  return exact || known === undefined || Math.abs(offset - known) > 2_000 ? offset : known;
}
