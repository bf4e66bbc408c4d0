import { expect, test } from "vitest";
import { relative } from "./relative.js";

const now = Date.parse("2026-11-20T05:41:00Z");
const minutes = (count) => now + count * 60_000;

test("minutes and hours, both ways and in both languages", () => {
  expect(relative(minutes(-8), now, "en")).toBe("8 minutes ago");
  expect(relative(minutes(42), now, "en")).toBe("in 42 minutes");
  expect(relative(minutes(-125), now, "en")).toBe("2 hours ago");
  expect(relative(minutes(-8), now, "zh-CN")).toBe("8分钟前");
});
test("just now", () => {
  expect(relative(now - 5_000, now, "en")).toBe("just now");
  expect(relative(now - 5_000, now, "zh-CN")).toBe("刚刚");
});
test("a day and more, or no date at all, is left to the page", () => {
  expect(relative(minutes(-1440), now, "en")).toBeNull();
  expect(relative(Number.NaN, now, "en")).toBeNull();
});
