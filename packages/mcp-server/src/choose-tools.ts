import { InputError } from "@sightline/core/errors";
import { LISTED, type ListedTool } from "./listed-tools.ts";

/** Without these, work that became a job would be lost. */
const WITH_LONG_WORK: ReadonlySet<string> = new Set(["get_job", "cancel_job"]);

/** The tools of a server: those that are named, in their own order, or all. InputError for a name that is none. */
export function chooseTools(names?: readonly string[]): readonly ListedTool[] {
  if (names === undefined) return LISTED;
  const unknown = names.filter((name) => !LISTED.some((tool) => tool.name === name));
  if (unknown.length > 0) {
    throw new InputError(`--tools names what is no tool: ${unknown.join(", ")}.`, {
      hint: `There are: ${LISTED.map(({ name }) => name).join(", ")}.`,
    });
  }
  const chosen = LISTED.filter(({ name }) => names.includes(name));
  const long = chosen.some((tool) => tool.long);
  return LISTED.filter((tool) => chosen.includes(tool) || (long && WITH_LONG_WORK.has(tool.name)));
}
