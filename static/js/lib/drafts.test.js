import { beforeEach, expect, test } from "vitest";
import { clearPosted, draftKey, keep, kept, markSent } from "./drafts.js";

let storage;
beforeEach(() => {
  const items = new Map();
  storage = {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
  };
});
const key = draftKey("7:12", 31);
const sentAt = Date.parse("2026-11-20T05:41:00Z");

test("a text is kept per place and post, an empty one is not", () => {
  keep(storage, key, "What stays");
  expect(kept(storage, key)).toBe("What stays");
  expect(kept(storage, draftKey("7:12", ""))).toBe("");
  keep(storage, key, "  ");
  expect(kept(storage, key)).toBe("");
});
test("it goes once the post stands on the page", () => {
  keep(storage, key, "What stays");
  markSent(storage, key, "7", 30, sentAt);
  expect(clearPosted(storage, [{ author: "7", number: 32, at: sentAt + 900 }])).toBe(true);
  expect(kept(storage, key)).toBe("");
});
test("an older post, another person's, or none leaves it", () => {
  keep(storage, key, "What stays");
  markSent(storage, key, "7", 30, sentAt);
  clearPosted(storage, [
    { author: "7", number: 30, at: sentAt + 900 },
    { author: "7", number: 44, at: sentAt - 3_600_000 },
    { author: "8", number: 33, at: sentAt + 900 },
  ]);
  expect(kept(storage, key)).toBe("What stays");
});
test("a forbidden or full storage breaks nothing", () => {
  const closed = { getItem() { throw new Error("no"); }, setItem() { throw new Error("full"); }, removeItem() {} };
  expect(keep(closed, key, "text")).toBe(false);
  expect(kept(closed, key)).toBe("");
  expect(clearPosted(closed, [])).toBe(false);
});
