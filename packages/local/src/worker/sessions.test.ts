import { expect, test } from "vitest";
import { createSessions } from "./sessions.ts";

const log: string[] = [];
const open = (name: string) => async () => {
  log.push(`open ${name}`);
  return { name, close: () => void log.push(`close ${name}`) };
};

test("what is kept is opened once, closed when its session ends, and makes room for others when it was used longest ago", async () => {
  const sessions = createSessions(2);
  const first = await sessions.keep("a", open("a"));
  await sessions.keep("b", open("b"));
  expect(await sessions.keep("a", open("a again"))).toBe(first);
  await sessions.keep("c", open("c"));
  sessions.end("a");
  sessions.end("never there");
  await sessions.keep("a", open("a anew"));
  expect(log).toEqual(["open a", "open b", "close b", "open c", "close a", "open a anew"]);
});

test("what cannot be opened is not kept", async () => {
  const sessions = createSessions(2);
  await expect(sessions.keep("a", () => Promise.reject(new Error("damaged")))).rejects.toThrow("damaged");
  await expect(sessions.keep("a", async () => ({ close() {} }))).resolves.toBeDefined();
});
