import { expect, test } from "vitest";
import { LAST, minutePassed, minutesAndSeconds, offsetFrom, untilNextLook } from "./closing.js";

const MINUTE = 60_000;

test("minutes and seconds, never less than nothing", () => {
  expect(minutesAndSeconds(9 * MINUTE + 41_000)).toBe("9:41");
  expect(minutesAndSeconds(LAST)).toBe("10:00");
  expect(minutesAndSeconds(4_200)).toBe("0:05");
  expect(minutesAndSeconds(-3)).toBe("0:00");
});
test("it is said as ten, five and one minutes are passed, and not to who comes later", () => {
  expect(minutePassed(LAST + 1, LAST)).toBe(10);
  expect(minutePassed(5 * MINUTE + 20, 5 * MINUTE - 900)).toBe(5);
  expect(minutePassed(61_000, 60_000)).toBe(1);
  expect(minutePassed(undefined, 4 * MINUTE)).toBeUndefined();
  expect(minutePassed(5 * MINUTE - 900, 5 * MINUTE - 1_900)).toBeUndefined();
});
test("after a sleep of the device the last minute that was passed is said, after the end none", () => {
  expect(minutePassed(11 * MINUTE, 4 * MINUTE)).toBe(5);
  expect(minutePassed(11 * MINUTE, -1)).toBeUndefined();
});
test("looks every second in the last ten minutes, before them now and then", () => {
  expect(untilNextLook(LAST + 90 * MINUTE)).toBe(MINUTE);
  expect(untilNextLook(LAST + 1_500)).toBe(1_500);
  expect(untilNextLook(100_250)).toBe(250);
  expect(untilNextLook(100_000)).toBe(1_000);
});
test("the server's clock counts; a date that is cut to the second does not push it about", () => {
  expect(offsetFrom(50_000, undefined, false, 20_000)).toBe(30_000);
  expect(offsetFrom(50_000, 30_700, false, 20_000)).toBe(30_700);
  expect(offsetFrom(90_000, 30_700, false, 20_000)).toBe(70_000);
  expect(offsetFrom(50_000, 30_700, true, 20_000)).toBe(30_000);
});
