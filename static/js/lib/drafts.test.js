import { beforeEach, expect, test } from "vitest";
import { blank, draftKey, found, heard, parse, read, versionIn, write } from "./drafts.js";
import { memory } from "./memory.fixture.js";

let storage;
beforeEach(() => (storage = memory()));
const key = draftKey("7", "12", 31);
const record = (text, more = {}) => ({ ...blank(), text, ...more });

test("a text is kept per person, place and post, an empty one is not", () => {
  write(storage, key, record("What stays"));
  expect(read(storage, key).text).toBe("What stays");
  expect(read(storage, draftKey("7", "12", ""))).toBe(null);
  write(storage, key, record("  "));
  expect(storage.length).toBe(0);
});
test("that a text is gone is kept until the server has heard it", () => {
  write(storage, key, record("", { version: 4, dirty: true }));
  expect(read(storage, key)).toMatchObject({ text: "", version: 4, dirty: true });
  write(storage, key, record("", { version: 4, dirty: false }));
  expect(read(storage, key)).toBe(null);
});
test("a text from before there were records is still a text", () => {
  expect(parse("Half a thought")).toMatchObject({ text: "Half a thought", version: 0, dirty: true });
  expect(parse('"quoted"').text).toBe('"quoted"');
  expect(parse("42").text).toBe("42");
});
test("a forbidden or full storage breaks nothing", () => {
  const full = { getItem() { throw new Error("no"); }, setItem() { throw new Error("full"); } };
  for (const closed of [full, undefined]) {
    expect(write(closed, key, record("text"))).toBe(false);
    expect(read(closed, key)).toBe(null);
  }
});

const mine = record("mine", { id: "m2", after: "m1" });
test("another window's text is taken over where nothing was typed, or where it goes on from this one", () => {
  expect(heard(mine, false, record("theirs"), null)).toBe("take");
  expect(heard(mine, true, record("theirs", { after: "m2" }), null)).toBe("take");
  expect(heard(record(" "), true, record("theirs"), null)).toBe("take");
});
test("what both windows have typed is for the person to choose", () => {
  expect(heard(mine, true, record("theirs", { after: "m1" }), null)).toBe("choose");
});
test("the same text is no other, and what its own window has taken away goes", () => {
  expect(heard(mine, true, record("mine"), null)).toBe("adopt");
  expect(heard(mine, true, { ...mine, version: 3, dirty: false }, null)).toBe("adopt");
  expect(heard(mine, true, null, mine)).toBe("clear");
  expect(heard(mine, false, null, record("older"))).toBe("clear");
  expect(heard(mine, true, null, record("older"))).toBe("stay");
});

test.each([
  ["nothing new there", { version: 5 }, { version: 5, body: "mine" }, "stay"],
  ["not saved yet", { version: 5, dirty: true }, { version: 5, body: "before" }, "save"],
  ["written nowhere else", { version: 0, dirty: true }, { version: 0, body: "" }, "save"],
  ["posted or emptied elsewhere", { version: 5 }, { version: 0, body: "" }, "clear"],
  ["emptied elsewhere, written on here", { version: 5, dirty: true }, { version: 0, body: "" }, "save"],
  ["written on elsewhere", { version: 5 }, { version: 6, body: "theirs" }, "take"],
  ["the answer was lost", { version: 5, dirty: true }, { version: 6, body: "mine" }, "adopt"],
  ["written here and elsewhere", { version: 5, dirty: true }, { version: 6, body: "theirs" }, "choose"],
])("the server's draft, %s", (_name, here, server, done) => {
  expect(found(record("mine", here), server)).toBe(done);
});
test("an empty text of one's own gives way", () => {
  expect(found(record("", { version: 5, dirty: true }), { version: 6, body: "theirs" })).toBe("take");
});

test("the page's versions are read by the post that is answered", () => {
  expect(versionIn("0:531 7:88", "")).toBe(531);
  expect(versionIn("0:531 7:88", "7")).toBe(88);
  expect(versionIn("0:531 17:88", "7")).toBe(0);
  expect(versionIn("", "")).toBe(0);
  expect(versionIn("?", "7")).toBe(null);
});
