import { ModelError, type AskOptions, type Clock, type ModelAnswer, type ModelRequest, type VisionModel } from "@sightline/core";
import pLimit, { type LimitFunction } from "p-limit";
import { startDeadline } from "./clock.ts";
import type { Observer } from "../telemetry/events.ts";
import { inSpan } from "../telemetry/trace.ts";
import { leavesMachine } from "./private-only.ts";

export interface SteadyModelOptions {
  readonly clock: Clock;
  /** The queue of the server; models of one server share it. */
  readonly limit: LimitFunction;
  /** The whole call from its turn in the queue on, with all its tries. */
  readonly wholeMs?: number;
  readonly asked?: Observer["asked"];
}

/** The queue of a server that takes so many questions at a time. */
export function serverQueue(concurrency: number): LimitFunction {
  return pLimit(concurrency);
}

/** Between two signs of life. */
const SIGN_OF_LIFE_MS = 10_000;

/**
 * The model, asked in turn: no more questions at a time than its server takes, each within a deadline (ModelError), and none without a sign of
 * life: until the answer's first words come, `onWait` is told every ten seconds what is waited for.
 */
export function steadyModel(model: VisionModel, { clock, limit, wholeMs = 1_800_000, asked: tell }: SteadyModelOptions): VisionModel {
  /** The question, counted and traced. */
  async function observed(request: ModelRequest, options: AskOptions): Promise<ModelAnswer> {
    const { id, server, backend } = model;
    const started = clock.now();
    const ended = (answer?: ModelAnswer): void => {
      const { usage } = answer ?? {};
      const tokens = usage === undefined ? undefined : { input: usage.inputTokens, output: usage.outputTokens };
      tell?.({ model: id, server, answered: answer !== undefined, seconds: (clock.now() - started) / 1000, tokens });
    };
    const attributes = {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": id,
      "gen_ai.provider.name": backend,
      "server.address": server,
    };
    return inSpan(`chat ${id}`, { ...attributes, "sightline.pictures": request.images.length }, async (span) => {
      try {
        const answer = await asked(request, options);
        if (answer.usage !== undefined) {
          span.setAttribute("gen_ai.usage.input_tokens", answer.usage.inputTokens);
          span.setAttribute("gen_ai.usage.output_tokens", answer.usage.outputTokens);
        }
        ended(answer);
        return answer;
      } catch (error) {
        ended();
        throw error;
      }
    });
  }

  async function asked(request: ModelRequest, options: AskOptions): Promise<ModelAnswer> {
    const ended = new AbortController();
    const { signal } = options;
    const leave = (): void => ended.abort(signal?.reason);
    signal?.addEventListener("abort", leave, { once: true });
    const inTime = startDeadline(clock, wholeMs, () => ended.abort(tooLate(model, wholeMs)));
    const signs = options.onWait === undefined ? undefined : signsOfLife(model, clock, options.onWait);
    try {
      ended.signal.throwIfAborted();
      const heard =
        signs === undefined
          ? {}
          : {
              onWait: signs.heard,
              onText(soFar: string) {
                signs.stop();
                options.onText?.(soFar);
              },
            };
      return await model.ask(request, { ...options, ...heard, signal: ended.signal });
    } catch (error) {
      throw ended.signal.aborted ? (ended.signal.reason as Error) : error;
    } finally {
      signal?.removeEventListener("abort", leave);
      inTime();
      signs?.stop();
    }
  }

  return {
    id: model.id,
    backend: model.backend,
    server: model.server,
    family: model.family,
    // A server may tell more of its model with time.
    get abilities() {
      return model.abilities;
    },
    parameters: model.parameters,
    async ask(request, options = {}) {
      options.signal?.throwIfAborted();
      if (limit.activeCount + limit.pendingCount >= limit.concurrency)
        options.onWait?.(`Waiting for another question to ${model.server} to be done`);
      return inTurn(limit, options.signal, () => observed(request, options));
    },
  };
}

/** Runs in turn. Whoever is cancelled before that is gone at once, and his turn passes to the next. */
function inTurn<Value>(limit: LimitFunction, signal: AbortSignal | undefined, run: () => Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal?.reason as Error);
    signal?.addEventListener("abort", leave, { once: true });
    void limit(async () => {
      signal?.removeEventListener("abort", leave);
      if (signal?.aborted !== true) await run().then(resolve, reject);
    });
  });
}

function tooLate(model: VisionModel, wholeMs: number): ModelError {
  return new ModelError(`${model.id} at ${model.server} did not finish its answer within ${Math.round(wholeMs / 1000)} s.`, {
    retryable: true,
    hint: "Give it more time with --timeout (SIGHTLINE_TIMEOUT, in seconds), ask for less, or choose a smaller model.",
  });
}

/** Tells every ten seconds what is waited for, until stopped. `heard` passes on what the way to the server has to say, and remembers it. */
function signsOfLife(model: VisionModel, clock: Clock, tell: (message: string) => void): { heard(message: string): void; stop(): void } {
  const stopped = new AbortController();
  const started = clock.now();
  // A server elsewhere has its models loaded.
  let why = leavesMachine(model.server) === "elsewhere" ? "" : ": a model that is loaded for the first time can take minutes";
  void (async () => {
    for (;;) {
      await clock.sleep(SIGN_OF_LIFE_MS, stopped.signal);
      tell(`Waiting for ${model.id} (${Math.round((clock.now() - started) / 1000)} s)${why}`);
    }
  })().catch(() => {});
  return {
    heard(message) {
      why = `: ${message}`;
      tell(message);
    },
    stop: () => stopped.abort(),
  };
}
