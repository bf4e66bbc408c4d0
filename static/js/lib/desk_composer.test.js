import { expect, test } from "vitest";
import { addressIn } from "./desk_composer.js";

test("the desk's composer is sent to the discussion it is used in", () => {
  expect(addressIn("/discussions/0/posts#composer", "12")).toBe("/discussions/12/posts#composer");
  expect(addressIn("/discussions/0/draft", "12")).toBe("/discussions/12/draft");
  expect(addressIn("/", "12")).toBe("/");
});
