import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { blank, draftKey, read, write } from "./drafts.js";
import { Keeper } from "./keeper.js";
import { memory } from "./memory.fixture.js";

const key = draftKey("7", "12", "");
let storage;
let server;
let told;
let fault;
beforeEach(() => {
  vi.useFakeTimers();
  [storage, server, told, fault] = [memory(), { version: 0, body: "" }, [], null];
});
afterEach(() => vi.useRealTimers());

const ask = {
  load: async () => ({ ...server }),
  save: async ({ text, version }) => {
    if (fault === "offline") throw new TypeError("no network");
    if (fault) return fault;
    if (server.version !== version && server.version) return { status: 409, ...server };
    server = text ? { version: server.version + 1, body: text } : { version: 0, body: "" };
    return { status: 200, version: server.version };
  },
};
const last = (what) => told.findLast(([name]) => name === what)?.slice(1);
async function keeper(hint = server.version, given = "", sent = 0) {
  const tell = Object.fromEntries(["state", "text", "choose"].map((name) => [name, (...words) => told.push([name, ...words])]));
  const one = new Keeper({ storage, key, hint, sent, ask, tell });
  await one.begin(given);
  return one;
}
const pass = (time) => vi.advanceTimersByTimeAsync(time);

test("on the device at once, on the server two seconds after the last key; saved is said when it is", async () => {
  const one = await keeper();
  one.type("Half a");
  expect(read(storage, key).text).toBe("Half a");
  expect(last("state")).toEqual(["kept"]);
  await pass(1_500);
  one.type("Half a thought");
  await pass(1_500);
  expect(server.version).toBe(0);
  await pass(600);
  expect(server).toEqual({ version: 1, body: "Half a thought" });
  expect(last("state")).toEqual(["saved"]);
  expect(read(storage, key)).toMatchObject({ version: 1, dirty: false });
});
test("who never pauses is saved every ten seconds", async () => {
  const one = await keeper();
  for (let letters = 1; letters <= 11; letters++) {
    one.type("x".repeat(letters));
    await pass(1_000);
  }
  expect(server.body.length).toBeGreaterThanOrEqual(9);
});
test("without network it says so and is saved as soon as it can be", async () => {
  const one = await keeper();
  fault = "offline";
  one.type("A thought");
  await pass(2_100);
  expect(last("state")).toEqual(["offline"]);
  expect(read(storage, key).dirty).toBe(true);
  fault = null;
  await pass(15_000);
  expect(server.body).toBe("A thought");
  expect(last("state")).toEqual(["saved"]);
});
test("signed out or refused, nothing is called saved", async () => {
  const one = await keeper();
  fault = { status: 401 };
  one.type("A thought");
  await one.save();
  expect(last("state")).toEqual(["door"]);
  fault = { status: 422, refused: "too long" };
  await one.save();
  expect(last("state")).toEqual(["refused", "too long"]);
  expect(read(storage, key).text).toBe("A thought");
});
test("another device finds it, and goes on from there", async () => {
  server = { version: 4, body: "From the phone" };
  const one = await keeper();
  expect(last("text")).toEqual(["From the phone", "restored"]);
  one.type("From the phone and the desk");
  await one.save();
  expect(server.body).toBe("From the phone and the desk");
});
test("where the page does not know, the server is asked once somebody begins to write", async () => {
  server = { version: 4, body: "From the phone" };
  const one = await keeper(null);
  expect(told).toEqual([]);
  one.meet();
  await pass(1);
  expect(last("text")).toEqual(["From the phone", "restored"]);
});
test("what was written on two devices is chosen, not overwritten", async () => {
  const one = await keeper();
  server = { version: 9, body: "From the phone" };
  one.type("At the desk");
  await one.save();
  expect(last("choose")).toEqual(["From the phone", "device"]);
  one.type("At the desk, more");
  await pass(60_000);
  expect(server.body).toBe("From the phone");
  await one.keepMine();
  expect(server.body).toBe("At the desk, more");
  expect(last("choose")).toEqual([null]);
});
test("or the other text is used", async () => {
  const one = await keeper();
  server = { version: 9, body: "From the phone" };
  one.type("At the desk");
  await one.save();
  one.take();
  expect(last("text")[0]).toBe("From the phone");
  await pass(60_000);
  expect(server).toEqual({ version: 9, body: "From the phone" });
});
test("two windows: the one that is only looked at follows, the one that was typed in asks", async () => {
  const one = await keeper();
  one.type("In the first");
  const value = storage.getItem(key);
  const two = await keeper();
  expect(last("text")).toEqual(["In the first", "restored"]);
  two.type("In the first and the second");
  one.hear(storage.getItem(key), value);
  expect(last("text")).toEqual(["In the first and the second", ""]);
  one.type("First again");
  two.hear(storage.getItem(key), null);
  expect(last("text")).toEqual(["First again", ""]);
});
test("what both windows typed at once is kept twice until it is chosen, also over a reload", async () => {
  const one = await keeper();
  const two = await keeper();
  one.type("In the first");
  two.type("In the second");
  expect(last("choose")).toEqual(["In the first", "window"]);
  expect(read(storage, key).text).toBe("In the first");
  await pass(60_000);
  expect(server.body).toBe("In the first");
  told = [];
  const three = await keeper();
  expect(last("text")[0]).toBe("In the second");
  expect(last("choose")).toEqual(["In the first", "window"]);
  await three.keepMine();
  expect(read(storage, key).text).toBe("In the second");
  expect(server.body).toBe("In the second");
  expect(storage.length).toBe(1);
});
test("what is in the outbox is no draft any more, but what is written next is", async () => {
  const one = await keeper();
  one.type("A thought");
  await one.save();
  expect(one.version).toBe(1);
  one.handOver();
  expect(storage.length).toBe(0);
  told = [];
  const two = await keeper(1, "", 1);
  expect(last("text")).toBe(undefined);
  two.type("The next thought");
  await two.save();
  expect(server).toEqual({ version: 2, body: "The next thought" });
});
test("what was posted or emptied elsewhere goes here, too", async () => {
  write(storage, key, { ...blank(3), text: "A thought" });
  await keeper(0);
  expect(last("text")).toEqual(["", ""]);
  expect(storage.length).toBe(0);
});
test("an emptied text is dropped there as well", async () => {
  const one = await keeper();
  one.type("A thought");
  await one.save();
  one.type("");
  await one.save();
  expect(server.version).toBe(0);
  expect(storage.length).toBe(0);
});
test("a text that the page came with stands, the one from before is offered", async () => {
  write(storage, key, { ...blank(), text: "Before", dirty: true });
  await keeper(0, "Refused just now");
  expect(last("text")[0]).toBe("Refused just now");
  expect(last("choose")).toEqual(["Before", "window"]);
});
test("a place that was left is saved, and shows nothing more", async () => {
  const one = await keeper();
  one.type("A thought");
  told = [];
  await one.leave();
  expect(server.body).toBe("A thought");
  expect(told).toEqual([]);
});
test("the same text in another version, or with spaces around it, is nothing to choose", async () => {
  const one = await keeper();
  one.type("A thought\n");
  server = { version: 5, body: "A thought" };
  fault = { status: 409, ...server };
  await one.save();
  expect(last("choose")).toBe(undefined);
  expect(last("state")).toEqual(["saved"]);
  expect(read(storage, key)).toMatchObject({ version: 5, dirty: false });
});
test("what was typed since goes on from the version that has the text as it was sent", async () => {
  const one = await keeper();
  one.type("A thought");
  server = { version: 5, body: "A thought" };
  fault = { status: 409, ...server };
  const saving = one.save();
  one.type("A thought, and more");
  await saving;
  fault = null;
  await pass(2_100);
  expect(last("choose")).toBe(undefined);
  expect(server).toEqual({ version: 6, body: "A thought, and more" });
});
test("who types until both are the same has chosen", async () => {
  server = { version: 5, body: "On the phone" };
  const one = await keeper(0);
  one.type("On the");
  await one.save();
  expect(last("choose")).toEqual(["On the phone", "device"]);
  one.type("On the phone");
  expect(last("choose")).toEqual([null]);
});
test("where the device keeps nothing either, that is said", async () => {
  const one = await keeper();
  storage = undefined;
  one.storage = undefined;
  fault = "offline";
  one.type("A thought");
  await one.save();
  expect(last("state")).toEqual(["unkept"]);
});
