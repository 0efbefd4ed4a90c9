import { type JobRequest, SetupError } from "@sightline/core";
import { addresses, PATHS } from "./links.ts";
import type { CallContext } from "./tool.ts";
import { TOOLS } from "./tools.ts";

/** A call of a tool by what its job says of it, for a caller who asks for the result later. */
export async function runCall(
  { task, input, context }: JobRequest,
  call: Omit<CallContext, "links">,
): Promise<Readonly<Record<string, unknown>>> {
  const tool = TOOLS.find(({ name }) => name === task);
  if (tool === undefined) {
    throw new SetupError(`This server has no tool ${task}: the job is of another version.`, { hint: "Run the same version everywhere." });
  }
  const origin = context?.["origin"];
  const { output, usage } = await tool.call(input, { ...call, links: typeof origin === "string" ? addresses(origin) : PATHS });
  return { output, ...(usage === undefined ? {} : { usage }) };
}
