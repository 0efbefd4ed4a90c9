import { runTask, type Task } from "@sightline/core";
import type { Tool } from "./tool.ts";

/** A task as a tool: everything about it stands in the task. */
export function taskTool(task: Task): Tool {
  const defaults = task.agentDefaults ?? {};
  return {
    name: task.name,
    title: task.title,
    description: task.description,
    reach: "world",
    input: task.input,
    output: task.output,
    defaults,
    async call(args, host, call) {
      const context = await host.context(call);
      return {
        output: await runTask(task, { ...defaults, ...args }, context),
        render: (output) => [task.render(output), task.renderEvidence?.(output) ?? ""].filter((words) => words !== "").join("\n\n"),
        saveWhole: (json) =>
          context.store.save({ bytes: new TextEncoder().encode(json), name: `${task.name}.json`, mediaType: "application/json" }),
      };
    },
  };
}
