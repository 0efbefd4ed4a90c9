import { createHostMetrics, SECONDS } from "@sightline/local/metrics";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { CallOutcome } from "../calls.ts";

/** What Prometheus scrapes at `/metrics`. */
export function createMetrics(requestsUnderWay: () => number) {
  const register = new Registry();
  const registers = [register];
  const host = createHostMetrics(register);
  const calls = new Counter({
    name: "sightline_tool_calls_total",
    help: "Tool calls answered",
    labelNames: ["tool", "outcome"],
    registers,
  });
  const seconds = new Histogram({
    name: "sightline_tool_call_duration_seconds",
    help: "Time from a tool call to its answer, which for long work is a job",
    labelNames: ["tool"],
    buckets: SECONDS,
    registers,
  });
  const refused = new Counter({
    name: "sightline_requests_refused_total",
    help: "Requests not served, by status",
    labelNames: ["status"],
    registers,
  });
  const underWay = new Gauge({ name: "sightline_requests_under_way", help: "Requests taken in and not yet answered", registers });
  return {
    host,
    called(tool: string, outcome: CallOutcome, took: number): void {
      calls.inc({ tool, outcome });
      seconds.observe({ tool }, took);
    },
    refused(status: number): void {
      refused.inc({ status });
    },
    contentType: register.contentType,
    text(): Promise<string> {
      underWay.set(requestsUnderWay());
      return register.metrics();
    },
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
