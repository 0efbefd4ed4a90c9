import { expect, test } from "vitest";
import { createDamageLog } from "./damage.ts";

test("faults near each other are one part, in order; a run that gave nothing says nothing", () => {
  const log = createDamageLog(60);
  log.add(40, 41);
  log.add(10, 12);
  log.add(13, 14);
  log.add(undefined, undefined);
  log.add(58, undefined);
  expect(log.spans()).toEqual([
    { start: 10, end: 14 },
    { start: 40, end: 41 },
    { start: 58, end: 60 },
  ]);
});

test("the run that knows more exactly where it is counts", () => {
  const log = createDamageLog(60);
  log.add(0, 25);
  log.add(11.2, 12.9);
  log.add(undefined, 3);
  expect(log.spans()).toEqual([
    { start: 0, end: 3 },
    { start: 11.2, end: 12.9 },
  ]);
});
