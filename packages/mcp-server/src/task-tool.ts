import { runCounted, type StoredFile, type Task, type TaskContext } from "@sightline/core";
import type { Answer } from "./result.ts";
import type { CallContext, Tool } from "./tool.ts";

/** A task as a tool: everything about it stands in the task. */
export function taskTool(task: Task): Tool {
  const defaults = task.agentDefaults ?? {};
  return {
    name: task.name,
    title: task.title,
    description: withExamples(task),
    reach: "world",
    long: true,
    savesPictures: task.savesPictures === true,
    shows: Object.keys(task.files).length > 0,
    input: task.input,
    output: task.output,
    defaults,
    async call(args, call) {
      const pictures: StoredFile[] = [];
      const { output, usage } = await runCounted(task, { ...defaults, ...args }, await taskContext(call, pictures));
      return { ...taskAnswer(task, output, call), pictures, usage };
    },
  };
}

/** What a task came to, whether the call that began it or a later one hands it over. */
export function taskAnswer(task: Task, output: Readonly<Record<string, unknown>>, { host, links }: CallContext): Answer {
  return {
    output,
    fromFiles: true,
    render: (shown) => [task.render(shown), task.renderEvidence?.(shown) ?? ""].filter((words) => words !== "").join("\n\n"),
    async saveWhole(json) {
      const { files } = await host();
      const file = await files.keep({ bytes: new TextEncoder().encode(json), name: `${task.name}.json`, mediaType: "application/json" });
      return { file, link: links.to(file) };
    },
  };
}

/** The host's context, whose files are named as the caller can reach them; pictures that are saved are added to `pictures`. */
async function taskContext(call: CallContext, pictures: StoredFile[]): Promise<TaskContext> {
  const { links } = call;
  const host = await call.host();
  const context = await host.context(call);
  return {
    ...context,
    input: {
      read: (reference, options) => context.input.read(links.toHandle(reference), options),
      open: (reference, options) => context.input.open(links.toHandle(reference), options),
    },
    store: {
      async save(file) {
        const kept = await host.files.keep(file);
        if (kept.mediaType.startsWith("image/")) pictures.push(kept);
        return links.to(kept);
      },
    },
  };
}

/** Agents copy what they see: one or two inputs, shortest first, save them a wrong call. */
function withExamples({ description, examples }: Task): string {
  const [first] = examples;
  return first === undefined ? description : `${description} Example: ${JSON.stringify(first)}`;
}
