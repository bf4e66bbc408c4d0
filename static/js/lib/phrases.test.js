import { expect, test } from "vitest";
import { filled, phrase } from "./phrases.js";

test("English has two forms, Chinese one", () => {
  const forms = { one: "{count} new post", other: "{count} new posts" };
  expect(phrase(forms, 1, "en")).toBe("1 new post");
  expect(phrase(forms, 2300, "en")).toBe("2,300 new posts");
  expect(phrase({ one: "{count} 条新发言", other: "{count} 条新发言" }, 1, "zh-CN")).toBe("1 条新发言");
});
test("words are put in as they are, also those that look like words of a pattern", () => {
  expect(filled("Comment by {name} on {post}", { name: "$& {post}", post: "#12" })).toBe("Comment by $& {post} on #12");
  expect(filled("{nothing}", {})).toBe("{nothing}");
});
