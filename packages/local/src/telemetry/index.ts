import type { Environment } from "../folders.ts";
import type { Log } from "../log.ts";

export { continueTrace, inSpan, traceHeaders } from "./trace.ts";
export type { KillReason, Observer, QueueCounts } from "./events.ts";

/**
 * Starts to trace when the usual environment asks for it: `OTEL_EXPORTER_OTLP_ENDPOINT` (or `…_TRACES_ENDPOINT`), unless `OTEL_TRACES_EXPORTER` is `none` or
 * `OTEL_SDK_DISABLED` is `true`. Returns what sends the last spans. Loads nothing else. `log` is told what of it cannot be done.
 */
export async function startTracing(name: string, version: string, env: Environment, log: Log): Promise<() => Promise<void>> {
  const endpoint = env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] ?? env["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? "";
  const exporters = (env["OTEL_TRACES_EXPORTER"] ?? "otlp").split(",").map((each) => each.trim());
  const nothing = (): Promise<void> => Promise.resolve();
  if (endpoint === "" || !exporters.includes("otlp") || env["OTEL_SDK_DISABLED"]?.toLowerCase() === "true") return nothing;
  const protocol = env["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] ?? env["OTEL_EXPORTER_OTLP_PROTOCOL"];
  if (protocol === "grpc") {
    log(
      "No traces are sent: OTEL_EXPORTER_OTLP_PROTOCOL=grpc is not spoken here. Set it to http/json, and the endpoint to the collector's port for HTTP (4318).",
    );
    return nothing;
  }
  const { startOtlp } = await import("./otlp.ts");
  return startOtlp(name, version);
}
