import { expect, test } from "vitest";
import { summaryOf } from "./task.ts";
import { tasks } from "./tasks/index.ts";

test.each([
  ["Reads a page. Ask for boxes.", "Reads a page"],
  ["Finds things, e.g. a bus. Slow.", "Finds things, e.g. a bus"],
  ["Sorts a text: one label.", "Sorts a text"],
  ["Reads page.pdf whole", "Reads page.pdf whole"],
])("the summary of %j is %j", (description, summary) => {
  expect(summaryOf({ description })).toBe(summary);
});

test("no task's summary breaks off in the middle", () => {
  for (const task of tasks) expect(summaryOf(task), task.name).toMatch(/^[A-Z].{10,}[^\s,.]$/);
});
