import { beforeEach, expect, test } from "vitest";
import { blank, draftKey, read, write } from "./drafts.js";
import { clearOut } from "./leaving.js";
import { memory } from "./memory.fixture.js";

let storage;
let sent;
beforeEach(() => ([storage, sent] = [memory(), []]));

const keep = (member, discussion, parent, text, dirty) => write(storage, draftKey(member, discussion, parent), { ...blank(4), text, dirty });
const kept = (member, discussion, parent = "") => read(storage, draftKey(member, discussion, parent))?.text;
const answering = (status) => async (...what) => (sent.push(what), { status });

test("what the server has goes, what it has not is sent first; another person's stays", async () => {
  keep("7", "12", "", "Saved", false);
  keep("7", "12", "31", "Not yet", true);
  keep("77", "12", "", "Another's", true);
  await clearOut(storage, "7", answering(200));
  expect(sent).toEqual([["12", "31", { text: "Not yet", version: 4 }]]);
  expect([kept("7", "12"), kept("7", "12", "31")]).toEqual([undefined, undefined]);
  expect(kept("77", "12")).toBe("Another's");
});
test("what the server does not take stays", async () => {
  keep("7", "12", "", "Refused", true);
  await clearOut(storage, "7", answering(409));
  await clearOut(storage, "7", () => Promise.reject(new TypeError("no network")));
  expect(kept("7", "12")).toBe("Refused");
});
test("a text beside another window's is not sent over it", async () => {
  keep("7", "12", "", "In one window", false);
  write(storage, `${draftKey("7", "12", "")}~`, { ...blank(), text: "In the other", dirty: true });
  await clearOut(storage, "7", answering(200));
  expect(sent).toEqual([]);
  expect(read(storage, `${draftKey("7", "12", "")}~`).text).toBe("In the other");
});
