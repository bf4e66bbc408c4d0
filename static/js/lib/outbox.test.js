import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { memory } from "./memory.fixture.js";
import { entries, newToken, outcome, pause, put, remove, sentVersion, wayTo } from "./outbox.js";
import { Postman } from "./postman.js";

let storage;
let shown;
let answers;
let sent;
beforeEach(() => {
  vi.useFakeTimers();
  [storage, shown, answers, sent] = [memory(), [], [], []];
});
afterEach(() => vi.useRealTimers());
const entry = (token, more = {}) => ({ token, member: "7", discussion: "12", parent: "", body: token, address: "/p", draft: 3, at: 1, ...more });
const posted = { status: 201, number: "9", html: "" };
const tell = {
  show: ({ token }, state) => shown.push(`${token} ${state}`),
  sent: ({ token }) => shown.push(`${token} sent`),
  refused: ({ token, refused }) => shown.push(`${token} ${refused}`),
};
const postman = () =>
  new Postman({
    storage,
    member: "7",
    tell,
    send: async (_address, { token }) => {
      sent.push(token);
      const answer = answers.shift() ?? posted;
      if (answer === "offline") throw new TypeError("no network");
      return answer;
    },
  });

test("a person's own are found, oldest first, and no other's", () => {
  for (const each of [entry("b", { at: 2 }), entry("a"), entry("x", { member: "8" })]) put(storage, each);
  storage.setItem("draft:7:12:", "{}");
  expect(entries(storage, "7").map(({ token }) => token)).toEqual(["a", "b"]);
  remove(storage, "a");
  expect(entries(storage, "7").map(({ token }) => token)).toEqual(["b"]);
});
test("a full or forbidden storage takes nothing and breaks nothing", () => {
  expect(put({ setItem() { throw new Error("full"); } }, entry("a"))).toBe(false);
  expect(put(undefined, entry("a"))).toBe(false);
  expect(entries(undefined, "7")).toEqual([]);
});
test("a token is new each time and short enough", () => {
  expect(newToken()).toMatch(/^[0-9a-f]{32}$/);
  expect(newToken()).not.toBe(newToken());
});
test("the draft that is on its way is known by its place", () => {
  put(storage, entry("a", { draft: 5 }));
  put(storage, entry("b", { draft: 9, parent: "4" }));
  expect([sentVersion(storage, "7", "12", ""), sentVersion(storage, "7", "12", "4"), sentVersion(storage, "8", "12", "")]).toEqual([5, 9, 0]);
});

test.each([
  ["sent", { status: 201, number: "3" }],
  ["refused", { status: 422, refused: "closed" }],
  ["refused", { status: 403, refused: "no" }],
  ["door", { status: 401, refused: "sign in" }],
  ["stranger", { status: 409, refused: "another" }],
  ["stranger", { status: 400, refused: "stale", csrf_token: "x" }],
  ["waiting", undefined],
  ["waiting", { status: 503, refused: "busy" }],
  ["waiting", { status: 429, refused: "slow" }],
  ["waiting", { status: 502 }],
  ["waiting", { status: 200, html: "a café's page" }],
  ["waiting", { status: 404 }],
])("%s: %j", (done, answer) => expect(outcome(answer)).toBe(done));
test("pauses grow, to a minute and a quarter at most", () => {
  expect(pause(0, 0.5)).toBe(2_000);
  expect(pause(3, 0.5)).toBe(16_000);
  expect(pause(40, 1)).toBe(75_000);
});

test("all go in turn, and leave the outbox", async () => {
  put(storage, entry("a"));
  put(storage, entry("b", { at: 2 }));
  await postman().wake();
  expect(sent).toEqual(["a", "b"]);
  expect(shown).toEqual(["a sending", "a sent", "b sending", "b sent"]);
  expect(storage.length).toBe(0);
});
test("without network all wait, and go by themselves, each once", async () => {
  put(storage, entry("a"));
  put(storage, entry("b", { at: 2 }));
  answers = ["offline", "offline"];
  await postman().wake();
  expect(shown).toEqual(["a sending", "a waiting", "b waiting"]);
  expect(storage.length).toBe(2);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(sent).toEqual(["a", "a", "a", "b"]);
  expect(storage.length).toBe(0);
});
test("what is refused stays with its reason and lets the next one go", async () => {
  put(storage, entry("a"));
  put(storage, entry("b", { at: 2 }));
  answers = [{ status: 422, refused: "closed", can_answer: true }];
  await postman().wake();
  expect(shown).toContain("a closed");
  expect(entries(storage, "7")).toMatchObject([{ token: "a", refused: "closed", canAnswer: true }]);
  await postman().wake();
  expect(sent).toEqual(["a", "b"]);
});
test("without a session it waits to be woken", async () => {
  put(storage, entry("a"));
  answers = [{ status: 401, refused: "sign in" }];
  const one = postman();
  await one.wake();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(sent).toEqual(["a"]);
  await one.wake();
  expect(sent).toEqual(["a", "a"]);
});
test("what comes while one is on its way goes after it", async () => {
  put(storage, entry("a"));
  const one = postman();
  const first = one.wake();
  put(storage, entry("b", { at: 2 }));
  await one.wake();
  await first;
  expect(sent).toEqual(["a", "b"]);
});
test("what the device would not let go of is not sent on and on", async () => {
  put(storage, entry("a"));
  storage.removeItem = () => {
    throw new Error("no");
  };
  await postman().wake();
  expect(sent).toEqual(["a"]);
});

test("a refused text is led to the post it answers, or to the discussion where that cannot be answered", () => {
  const reply = { address: "/discussions/12/posts", parent: "3" };
  expect(wayTo(reply)).toBe("/discussions/12/posts/3#reply");
  expect(wayTo({ ...reply, canAnswer: false })).toBe("/discussions/12");
  expect(wayTo({ ...reply, parent: "" })).toBe("/discussions/12");
});
