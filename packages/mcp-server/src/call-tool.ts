import type { CallToolResult, ServerContext } from "@modelcontextprotocol/server";
import { isSightlineError } from "@sightline/core";
import { continueTrace, inSpan, traceHeaders } from "@sightline/local/telemetry";
import type { CallOutcome } from "./calls.ts";
import { startedJob } from "./job-tools.ts";
import { STREAM_KEY, TEXT_KEY } from "./policy.ts";
import { showPicture } from "./pictures.ts";
import { SILENT, startProgress, type Progress } from "./progress.ts";
import { toErrorResult, toResult, type Answer } from "./result.ts";
import type { ServerSettings } from "./server.ts";
import { createSteps } from "./steps.ts";
import { TOOLS } from "./tools.ts";

const NOT_YET = Symbol("not yet");

/** One call of a tool, from its arguments to what goes over the wire: the answer, an error in words, or a job when it takes longer than clients wait. */
export async function callTool(
  name: string,
  args: Readonly<Record<string, unknown>>,
  settings: ServerSettings,
  mcpReq: ServerContext["mcpReq"],
): Promise<CallToolResult> {
  const tool = TOOLS.find((each) => each.name === name);
  if (tool === undefined) throw new TypeError(`no tool named "${name}"`);
  const { longWork, observe, log } = settings;
  const began = performance.now();
  const ended = (outcome: CallOutcome): void => observe?.(name, outcome, (performance.now() - began) / 1000);
  const client = progressTo(mcpReq);
  const steps = createSteps(client.report);
  const stop = new AbortController();
  const follow = (): void => stop.abort(mcpReq.signal.reason);
  mcpReq.signal.addEventListener("abort", follow, { once: true });
  if (mcpReq.signal.aborted) follow();
  const unfollow = settings.follow?.(mcpReq.id, stop);
  const letGo = (): void => {
    mcpReq.signal.removeEventListener("abort", follow);
    unfollow?.();
  };
  let trace: Record<string, string> = {};
  try {
    const { _meta } = mcpReq;
    const onText = _meta?.[STREAM_KEY] === true ? client.tell : undefined;
    const call = { ...settings, signal: stop.signal, progress: steps.report, onText };
    const work = continueTrace(_meta, () =>
      inSpan(`tools/call ${name}`, { "gen_ai.tool.name": name }, () => {
        trace = traceHeaders();
        return tool.call(args, call);
      }),
    );
    const answer = tool.long === true ? await within(work, longWork.answerWithinMs) : await work;
    if (answer === NOT_YET) {
      // From here on the call's end is not the work's.
      letGo();
      const id = await adopt(work, steps, stop);
      ended("continued");
      return await toResult(startedJob(name, id, steps.last.message));
    }
    const result = await toResult(answer, settings.showPictures ? showPicture(settings) : undefined);
    ended("answered");
    return result;
  } catch (error) {
    if (!isSightlineError(error) && !stop.signal.aborted) log(name, error);
    ended(stop.signal.aborted ? "cancelled" : "failed");
    return toErrorResult(error);
  } finally {
    letGo();
    client.stop();
  }

  async function adopt(work: Promise<Answer>, going: ReturnType<typeof createSteps>, ending: AbortController): Promise<string> {
    try {
      const { origin } = settings.links;
      return await longWork.adopt(
        { task: name, input: args, context: { trace, ...(origin === undefined ? {} : { origin }) } },
        {
          outcome: work.then(({ output, usage }) => ({ output, ...(usage === undefined ? {} : { usage }) })),
          stop: ending,
          listen: going.listen,
          last: going.last,
        },
      );
    } catch (error) {
      ending.abort(error);
      throw error;
    }
  }
}

/** What `work` comes to, or that it has not after `ms`. */
async function within<Value>(work: Promise<Value>, ms: number): Promise<Value | typeof NOT_YET> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<typeof NOT_YET>((resolve) => (timer = setTimeout(() => resolve(NOT_YET), ms)));
  try {
    return await Promise.race([work, patience]);
  } finally {
    clearTimeout(timer);
  }
}

function progressTo({ _meta, notify }: ServerContext["mcpReq"]): Progress {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return SILENT;
  return startProgress(({ text, ...update }) => {
    const words = text === undefined ? {} : { _meta: { [TEXT_KEY]: text } };
    // A client that has gone is the transport's business.
    notify({ method: "notifications/progress", params: { progressToken, ...update, ...words } }).catch(() => {});
  });
}
