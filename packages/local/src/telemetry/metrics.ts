import { collectDefaultMetrics, Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Observer, QueueCounts } from "./events.ts";

/** A picture is looked at in a second, a long document read in a minute, a video in ten. */
export const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

/** What Prometheus scrapes of a host's work, whichever door it works for. */
export interface HostMetrics extends Required<Observer> {
  /** What lies in each queue of Redis by its name; undefined while Redis is away. */
  queues(counts: Readonly<Record<string, QueueCounts>> | undefined): void;
}

export function createHostMetrics(register: Registry): HostMetrics {
  const registers = [register];
  collectDefaultMetrics({ register });
  const questions = new Histogram({
    name: "sightline_model_request_duration_seconds",
    help: "Time from a question's turn at the model server to the end of its answer",
    labelNames: ["model", "outcome"],
    buckets: SECONDS,
    registers,
  });
  const tokens = new Counter({
    name: "sightline_model_tokens_total",
    help: "Tokens, as the model server counts them",
    labelNames: ["model", "direction"],
    registers,
  });
  const answers = new Counter({
    name: "sightline_answer_cache_lookups_total",
    help: "Answers looked for in the cache",
    labelNames: ["outcome"],
    registers,
  });
  const kills = new Counter({
    name: "sightline_decoder_kills_total",
    help: "Processes that decoded a file and were ended before they were done, or ended by themselves",
    labelNames: ["why"],
    registers,
  });
  const queued = new Gauge({
    name: "sightline_queue_jobs",
    help: "Jobs in the queues of Redis, of all processes",
    labelNames: ["queue", "state"],
    registers,
  });
  let redis: Gauge | undefined;
  const workers = new Gauge({
    name: "sightline_queue_workers",
    help: "Processes that take jobs from the queues of Redis",
    labelNames: ["queue"],
    registers,
  });
  return {
    asked({ model, answered, seconds, tokens: counted }) {
      questions.observe({ model, outcome: answered ? "answered" : "failed" }, seconds);
      if (counted === undefined) return;
      tokens.inc({ model, direction: "input" }, counted.input);
      tokens.inc({ model, direction: "output" }, counted.output);
    },
    cached(hit) {
      answers.inc({ outcome: hit ? "hit" : "miss" });
    },
    killed(why) {
      kills.inc({ why });
    },
    queues(all) {
      // What is not known any more is not said any more.
      queued.reset();
      workers.reset();
      // Made when there is a Redis: without one there is nothing to be up.
      redis ??= new Gauge({ name: "sightline_redis_up", help: "1 while Redis answers, else 0", registers });
      redis.set(all === undefined ? 0 : 1);
      for (const [queue, { workers: taking, ...counts }] of Object.entries(all ?? {})) {
        for (const [state, count] of Object.entries(counts)) queued.set({ queue, state }, count);
        if (taking !== undefined) workers.set({ queue }, taking);
      }
    },
  };
}
