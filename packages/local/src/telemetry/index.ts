import type { Environment } from "../folders.ts";

export { continueTrace, inSpan, traceHeaders } from "./trace.ts";
export type { KillReason, Observer, QueueCounts } from "./events.ts";

/**
 * Starts to trace when the usual environment asks for it: `OTEL_EXPORTER_OTLP_ENDPOINT` (or `…_TRACES_ENDPOINT`), unless `OTEL_TRACES_EXPORTER` is `none` or
 * `OTEL_SDK_DISABLED` is `true`. Returns what sends the last spans. Loads nothing else.
 */
export async function startTracing(name: string, version: string, env: Environment): Promise<() => Promise<void>> {
  const endpoint = env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] ?? env["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? "";
  const exporter = env["OTEL_TRACES_EXPORTER"] ?? "otlp";
  if (endpoint === "" || exporter !== "otlp" || env["OTEL_SDK_DISABLED"]?.toLowerCase() === "true") return () => Promise.resolve();
  const { startOtlp } = await import("./otlp.ts");
  return startOtlp(name, version);
}
