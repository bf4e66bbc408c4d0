import { expect, test } from "vitest";
import { Rotation, stay } from "./rotation.js";

const long = (number) => ({ number, columns: 400 });
const short = (number) => ({ number, columns: 100 });
const numbers = (rotation) => rotation.shown.map((post) => post.number);

function turning(posts) {
  const rotation = new Rotation();
  rotation.take(posts);
  return rotation;
}

test("long posts stand alone, two short ones together, and after the oldest comes the newest again", () => {
  const rotation = turning([long(5), short(4), short(3), short(2), long(1)]);
  const seen = [];
  for (let turn = 0; turn < 5; turn += 1, rotation.next()) seen.push(numbers(rotation));
  expect(seen).toEqual([[5], [4, 3], [2], [1], [5]]);
});

test("back goes the same way, round the other end", () => {
  const rotation = turning([long(4), short(3), short(2), long(1)]);
  const seen = [];
  for (let turn = 0; turn < 4; turn += 1, rotation.previous()) seen.push(numbers(rotation));
  expect(seen).toEqual([[4], [1], [3, 2], [4]]);
});

test("what comes is shown next, in the order in which it came, and then is no longer new", () => {
  const rotation = turning([long(2), long(1)]);
  rotation.next();
  expect(rotation.take([long(4), long(3), long(2), long(1)])).toBe(true);
  expect(numbers(rotation)).toEqual([1]);
  expect(rotation.waiting).toEqual([3, 4]);
  rotation.next();
  expect([numbers(rotation), rotation.news, rotation.waiting]).toEqual([[3], [3], [4]]);
  rotation.next();
  expect([numbers(rotation), rotation.news, rotation.waiting]).toEqual([[4], [4], []]);
  rotation.next();
  expect([numbers(rotation), rotation.news]).toEqual([[3], []]);
});

test("the first posts of an empty discussion are news, those of a page just opened are not", () => {
  const rotation = new Rotation();
  expect(rotation.take([])).toBe(false);
  rotation.next();
  rotation.previous();
  expect(numbers(rotation)).toEqual([]);
  expect(rotation.take([short(1)])).toBe(true);
  expect(turning([short(1)]).waiting).toEqual([]);
});

test("what is hidden gives way to the next, also while it waits", () => {
  const rotation = turning([long(3), long(2), long(1)]);
  rotation.next();
  expect(rotation.take([long(3), long(1)])).toBe(false);
  expect(numbers(rotation)).toEqual([1]);
  rotation.take([long(4), long(3), long(1)]);
  rotation.take([long(3)]);
  expect([numbers(rotation), rotation.waiting]).toEqual([[3], []]);
  expect(rotation.take([])).toBe(false);
  expect(numbers(rotation)).toEqual([]);
});

test("an older post that comes back is no news", () => {
  const rotation = turning([long(3), long(1)]);
  expect(rotation.take([long(3), long(2), long(1)])).toBe(false);
  expect(rotation.waiting).toEqual([]);
});

test("a post stays as long as it takes to read, within reason", () => {
  expect([stay(20), stay(200), stay(5000)]).toEqual([9_000, 20_000, 30_000]);
});
