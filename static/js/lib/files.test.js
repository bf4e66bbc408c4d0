import { expect, test } from "vitest";
import { chosenOf, fieldsOf, remember } from "./files.js";
import { memory } from "./memory.fixture.js";

test("files are remembered by place, each once, and forgotten when there are none", () => {
  const storage = memory();
  remember(storage, "7:1:", ["3", "5", "3"]);
  expect(chosenOf(storage, "7:1:")).toEqual(["3", "5"]);
  expect(chosenOf(storage, "7:1:4")).toEqual([]);
  remember(storage, "7:1:", []);
  expect(storage.length).toBe(0);
});

test("what another program has left there is no file", () => {
  const storage = memory();
  storage.setItem("files:7:1:", "{broken");
  expect(chosenOf(storage, "7:1:")).toEqual([]);
});

test("they go out as ticked boxes do", () => {
  expect(fieldsOf(["3", "5"])).toEqual({ "file-3": "on", "file-5": "on" });
  expect(fieldsOf()).toEqual({});
});
