import { InputError, tasks } from "@sightline/core";
import { operations } from "./operations.ts";
import { taskTool } from "./task-tool.ts";
import type { Tool } from "./tool.ts";

/** In the order agents see them, the same on every start. */
const TOOLS: readonly Tool[] = [...tasks.filter((task) => task.doors.includes("mcp")).map(taskTool), ...operations];

/** Without these, work that became a job would be lost. */
const WITH_LONG_WORK: ReadonlySet<string> = new Set(["get_job", "cancel_job"]);

/** The tools of a server: those that are named, in their own order, or all. InputError for a name that is none. */
export function chooseTools(names?: readonly string[]): readonly Tool[] {
  if (names === undefined) return TOOLS;
  const unknown = names.filter((name) => !TOOLS.some((tool) => tool.name === name));
  if (unknown.length > 0) {
    throw new InputError(`--tools names what is no tool: ${unknown.join(", ")}.`, {
      hint: `There are: ${TOOLS.map(({ name }) => name).join(", ")}.`,
    });
  }
  const chosen = TOOLS.filter(({ name }) => names.includes(name));
  const long = chosen.some((tool) => tool.long === true);
  return TOOLS.filter((tool) => chosen.includes(tool) || (long && WITH_LONG_WORK.has(tool.name)));
}
