import { expect, test } from "vitest";
import { placeAmong } from "./places.js";

test("by number: between, at the beginning, at the end, into nothing", () => {
  expect(placeAmong(5, [1, 4, 9])).toBe(9);
  expect(placeAmong(2, [4, 9])).toBe(4);
  expect(placeAmong(12, [4, 9])).toBeNull();
  expect(placeAmong(1, [])).toBeNull();
});
test("not where another page shows it", () => {
  expect(placeAmong(2, [4, 9], { earlier: true })).toBeUndefined();
  expect(placeAmong(12, [4, 9], { later: true })).toBeUndefined();
  expect(placeAmong(5, [4, 9], { earlier: true, later: true })).toBe(9);
});
