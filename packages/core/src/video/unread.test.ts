import { expect, test } from "vitest";
import { createUnreadFrames } from "./unread.ts";

test("names what could not be looked at, and why, each time once", () => {
  const unread = createUnreadFrames();
  expect(unread).toMatchObject({ count: 0, reason: undefined });
  expect(unread.warnings()).toEqual([]);
  unread.add(62.5, { message: "It hung." });
  unread.add(62.5, { message: "Again." });
  expect(unread.warnings()).toEqual(["The frame at 1:02.50 could not be looked at, and what shows there may have been missed. It hung."]);
  for (let time = 1; time < 7; time++) unread.add(time, { message: `At ${time}.` });
  expect(unread).toMatchObject({ count: 7, reason: "At 1." });
  expect(unread.warnings()[0]).toMatch(/^7 frames \(at 0:01\.00, .*0:05\.00 and 2 more\) could not be looked at.* At 1\.$/);
});
