import { expect, test } from "vitest";
import { oneAtATime } from "./renewal.js";

test("however often it is wanted meanwhile, it is done once more, and never twice at a time", async () => {
  let done = 0;
  let busy = 0;
  let most = 0;
  const act = oneAtATime(async () => {
    most = Math.max(most, (busy += 1));
    await Promise.resolve();
    done += 1;
    busy -= 1;
  }, 0);
  const first = act();
  act();
  act();
  await first;
  expect([done, most]).toEqual([2, 1]);
  await act();
  expect(done).toBe(3);
});
