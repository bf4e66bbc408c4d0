import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Asking, pauseAfter } from "./asking.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("however often it is wanted, it is asked once", async () => {
  const ask = vi.fn();
  const asking = new Asking(ask, () => 0.5);
  for (let turn = 0; turn < 5; turn += 1) asking.within(1_000);
  await vi.advanceTimersByTimeAsync(499);
  expect(ask).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await vi.runAllTimersAsync();
  expect(ask).toHaveBeenCalledTimes(1);
});
test("what is wanted sooner comes sooner", async () => {
  const ask = vi.fn();
  const asking = new Asking(ask, () => 1);
  asking.within(60_000);
  asking.within(0);
  await vi.advanceTimersByTimeAsync(0);
  expect(ask).toHaveBeenCalledTimes(1);
  await vi.runAllTimersAsync();
  expect(ask).toHaveBeenCalledTimes(1);
});
test("what is wanted while a question is on its way is asked after it", async () => {
  let answer;
  const ask = vi.fn(() => new Promise((resolve) => (answer = resolve)));
  const asking = new Asking(ask, () => 1);
  asking.within(0);
  await vi.advanceTimersByTimeAsync(0);
  asking.within(0);
  asking.within(0);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(ask).toHaveBeenCalledTimes(1);
  answer();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(ask).toHaveBeenCalledTimes(2);
});
test("stopped, it asks nothing until it is wanted again", async () => {
  const ask = vi.fn();
  const asking = new Asking(ask, () => 1);
  asking.within(1_000);
  asking.stop();
  await vi.runAllTimersAsync();
  expect(ask).not.toHaveBeenCalled();
  asking.within(1_000);
  await vi.runAllTimersAsync();
  expect(ask).toHaveBeenCalledTimes(1);
});
test("about every twenty seconds, less often while it fails", () => {
  expect(pauseAfter(0, () => 0)).toBe(16_000);
  expect(pauseAfter(0, () => 1)).toBeCloseTo(24_000);
  expect(pauseAfter(2, () => 0.5)).toBe(80_000);
  expect(pauseAfter(50, () => 0.5)).toBe(160_000);
});
