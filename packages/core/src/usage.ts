import * as z from "zod";
import { isSightlineError } from "./errors.ts";
import type { VisionModel } from "./model.ts";
import { runTask, type Task, type TaskContext } from "./task.ts";

/** What the questions of a call to models took. All zero and empty where no model was asked: the machine's own eyes answered, or an answer that was kept. */
export const usageSchema = z.object({
  calls: z.int().describe("Requests, those that had to be made again among them"),
  input_tokens: z.int().describe("As the server counts them; 0 where it does not"),
  output_tokens: z.int().describe("As the server counts them; 0 where it does not"),
  models: z.array(z.string()).describe("Who answered, in the servers' own words"),
  servers: z.array(z.string()).describe("Base URLs of the servers that were asked"),
});

export type Usage = z.output<typeof usageSchema>;

export function noUsage(): Usage {
  return { calls: 0, input_tokens: 0, output_tokens: 0, models: [], servers: [] };
}

/** The model, its questions counted into `usage`; a question that fails is a call too. */
export function counted(model: VisionModel, usage: Usage): VisionModel {
  return {
    ...model,
    async ask(request, options) {
      usage.calls++;
      note(usage.servers, model.server);
      const answer = await model.ask(request, options);
      usage.input_tokens += answer.usage?.inputTokens ?? 0;
      usage.output_tokens += answer.usage?.outputTokens ?? 0;
      note(usage.models, answer.model);
      return answer;
    },
  };
}

/** Runs a task as `runTask` does, and counts what its questions to models take: one of the four errors carries it too. */
export async function runCounted<Input extends z.ZodObject, Output extends z.ZodObject>(
  task: Task<Input, Output>,
  input: unknown,
  context: TaskContext,
): Promise<{ readonly output: z.output<Output>; readonly usage: Usage }> {
  const usage = noUsage();
  const { model, textModel } = context;
  const counting = { ...context, model: model && counted(model, usage), textModel: textModel && counted(textModel, usage) };
  try {
    return { output: await runTask(task, input, counting), usage };
  } catch (error) {
    if (isSightlineError(error)) error.usage = usage;
    throw error;
  }
}

function note(names: string[], name: string): void {
  if (!names.includes(name)) names.push(name);
}
