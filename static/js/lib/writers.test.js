import { expect, test } from "vitest";
import { Writers, atMostEvery } from "./writers.js";

test("somebody writes until five seconds after being heard of", () => {
  const writers = new Writers();
  writers.heard("Tina", 0);
  writers.heard("Tom", 2_000);
  writers.heard("Tina", 3_000);
  expect(writers.names(4_999)).toEqual(["Tom", "Tina"]);
  expect(writers.names(7_000)).toEqual(["Tina"]);
  expect(writers.names(8_000)).toEqual([]);
});
test("who has posted writes no longer", () => {
  const writers = new Writers();
  writers.heard("Tina", 0);
  writers.posted("Tina");
  expect(writers.names(1)).toEqual([]);
});
test("one call in three seconds", () => {
  let now = 0;
  const may = atMostEvery(3_000, () => now);
  expect([may(), may()]).toEqual([true, false]);
  now = 2_999;
  expect(may()).toBe(false);
  now = 3_000;
  expect([may(), may()]).toEqual([true, false]);
});
