import { expect, test } from "vitest";
import { countCharacters } from "./count.js";

test("Chinese characters count one each, punctuation none", () => {
  expect(countCharacters("支部活动，不是“通知—到场—合影”。")).toBe(12);
});
test("a run of letters and digits counts one, an inner apostrophe or hyphen joins", () => {
  expect(countCharacters("Don't use the well-known 5G plan!")).toBe(6);
});
test("both scripts in one line", () => {
  expect(countCharacters("第3次PPT汇报")).toBe(6);
});
test("quotations, emoji and nothing count none", () => {
  expect(countCharacters("> said before\nmine 😀")).toBe(1);
  expect(countCharacters("")).toBe(0);
});
