import { expect, test } from "vitest";
import { Revisions } from "./revisions.js";

const revision = (number) => ({ revision: number });

test("the next one follows, a known one is nothing", () => {
  const revisions = new Revisions(7);
  expect(revisions.hear(revision(8))).toEqual([revision(8)]);
  expect(revisions.hear(revision(8))).toEqual([]);
  expect(revisions.hear(revision(3))).toEqual([]);
  expect(revisions.last).toBe(8);
  expect(revisions.isBehind).toBe(false);
});
test("one that is too early waits, and follows the one that was missing", () => {
  const revisions = new Revisions(7);
  expect(revisions.hear(revision(10))).toEqual([]);
  expect(revisions.hear(revision(9))).toEqual([]);
  expect(revisions.isBehind).toBe(true);
  expect(revisions.hear(revision(8))).toEqual([8, 9, 10].map(revision));
  expect(revisions.isBehind).toBe(false);
});
test("what the server told is known, what came meanwhile follows it", () => {
  const revisions = new Revisions(7);
  for (const number of [9, 11, 13]) revisions.hear(revision(number));
  expect(revisions.caughtUp(10)).toEqual([revision(11)]);
  expect(revisions.last).toBe(11);
  expect(revisions.isBehind).toBe(true);
  expect(revisions.caughtUp(13)).toEqual([]);
  expect(revisions.isBehind).toBe(false);
});
test("an older answer takes nothing back", () => {
  const revisions = new Revisions(7);
  revisions.hear(revision(8));
  expect(revisions.caughtUp(6)).toEqual([]);
  expect(revisions.last).toBe(8);
});
