/** Work that was not done when its call had to be answered: looking at it again, and ending it. */
import { InputError, parseInput, tasks, type ErrorReport, type Job, type Jobs } from "@sightline/core";
import * as z from "zod";
import type { Outcome } from "./long-work.ts";
import type { Answer } from "./result.ts";
import { taskAnswer } from "./task-tool.ts";
import type { CallContext, Tool } from "./tool.ts";

const jobId = z.string().min(1);

const jobShape = z.object({
  job_id: z.string(),
  tool: z.string(),
  status: z.enum(["queued", "running", "done", "failed", "cancelled", "lost"]).describe("lost: the server that ran it ended"),
  progress: z.object({ message: z.string(), done: z.number().optional(), total: z.number().optional() }).optional(),
  result: z.looseObject({}).optional().describe("The tool's own output, when done"),
  error: z.object({ kind: z.string(), message: z.string(), hint: z.string().optional() }).optional(),
  warnings: z.array(z.string()),
});

const waitInput = z.object({
  job_id: jobId,
  wait_seconds: z.number().min(0).max(45).default(30).describe("Waits up to this long for the job to end"),
});

const cancelInput = z.object({ job_id: jobId });
const endedShape = jobShape.pick({ job_id: true, tool: true, status: true, warnings: true });

export const getJob: Tool = {
  name: "get_job",
  title: "Get job",
  description:
    'Says how far a job is, or hands over its result. A tool that needs longer than clients wait answers {"job_id": …}; the work goes on meanwhile.',
  reach: "machine",
  input: waitInput,
  output: jobShape,
  defaults: {},
  async call(args, call) {
    const { job_id: id, wait_seconds: seconds } = parseInput("get_job", waitInput, args);
    const jobs = await call.longWork.jobs();
    const job = seconds === 0 ? await jobs.find(id) : await waitFor(jobs, id, seconds * 1000, call);
    return jobAnswer(id, job, call);
  },
};

export const cancelJob: Tool = {
  name: "cancel_job",
  title: "Cancel job",
  description: "Ends a job that is not needed any more, with all it started.",
  reach: "machine",
  ends: true,
  input: cancelInput,
  output: endedShape,
  defaults: {},
  async call(args, call) {
    const { job_id: id } = parseInput("cancel_job", cancelInput, args);
    return jobAnswer(id, await (await call.longWork.jobs()).cancel(id), call);
  },
};

/** The job as it has ended, or as it is after `ms`; steps are passed on meanwhile. */
async function waitFor(jobs: Jobs, id: string, ms: number, { signal, progress }: CallContext): Promise<Job | undefined> {
  // Not AbortSignal.any with AbortSignal.timeout: Node 20 can collect the pair as garbage, and it never fires.
  const patience = new AbortController();
  const leave = (): void => patience.abort();
  const timer = setTimeout(leave, ms);
  signal.addEventListener("abort", leave, { once: true });
  try {
    signal.throwIfAborted();
    return await jobs.settled(id, { signal: patience.signal, onProgress: ({ message, done, total }) => progress(message, done, total) });
  } catch (error) {
    signal.throwIfAborted();
    if (!patience.signal.aborted) throw error;
    return await jobs.find(id);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", leave);
  }
}

/** The answer of a call whose work goes on. */
export function startedJob(tool: string, id: string, doing: string): Answer {
  return {
    output: { job_id: id },
    render: () => `Not done yet (${doing}), and the work goes on. Call get_job with {"job_id": "${id}"} for the result of ${tool}.`,
  };
}

function jobAnswer(id: string, job: Job | undefined, call: CallContext): Answer {
  if (job === undefined) {
    throw new InputError(`There is no job "${id.slice(0, 100)}".`, { hint: "Jobs are kept for a day. Call the tool again." });
  }
  const { task: tool, status, progress, error } = job;
  const { output: result, usage = error?.usage } = (job.result ?? {}) as Partial<Outcome>;
  const task = tasks.find(({ name }) => name === tool);
  const inner = task === undefined || result === undefined ? undefined : taskAnswer(task, result, call);
  return {
    ...inner,
    ...(usage === undefined ? {} : { usage }),
    output: {
      job_id: id,
      tool,
      status,
      ...(progress === undefined ? {} : { progress }),
      ...(result === undefined ? {} : { result }),
      ...(error === undefined ? {} : { error: shownError(error) }),
      warnings: [],
    },
    render(shown) {
      const words = inner === undefined || shown["result"] === undefined ? "" : inner.render(shown["result"] as Record<string, unknown>);
      const state = `Job ${id} of ${tool}: ${status}${progress === undefined ? "" : ` (${progress.message})`}.`;
      const notes = (shown["warnings"] as string[]).map((note) => `[${note}]`);
      return [state, ...(error === undefined ? [] : [`${error.kind}: ${error.message}`, error.hint ?? ""]), words, ...notes]
        .filter((line) => line !== "")
        .join("\n");
    },
  };
}

/** Without what only whoever looks for a model's fault needs. */
function shownError({ kind, message, hint }: ErrorReport) {
  return { kind, message, ...(hint === undefined ? {} : { hint }) };
}
