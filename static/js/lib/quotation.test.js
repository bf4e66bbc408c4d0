import { expect, test } from "vitest";
import { passage, quotation } from "./quotation.js";

test("every line is quoted, and the answer begins on a line of its own", () => {
  expect(quotation("  One.\nTwo.\n\n\n\nThree. ")).toBe("> One.\n> Two.\n>\n> Three.\n\n");
});
test("what is selected in the post is quoted, what is selected elsewhere is not", () => {
  const place = { contains: (node) => node === "inside", innerText: "the whole text" };
  const selected = (anchorNode, focusNode = anchorNode) => ({ isCollapsed: false, anchorNode, focusNode, toString: () => "a passage" });
  expect(passage(place, selected("inside"))).toBe("a passage");
  expect(passage(place, selected("inside", "elsewhere"))).toBe("the whole text");
  expect(passage(place, { isCollapsed: true })).toBe("the whole text");
  expect(passage(place, null)).toBe("the whole text");
});
