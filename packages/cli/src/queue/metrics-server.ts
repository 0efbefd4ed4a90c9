import { SetupError } from "@sightline/core";
import type { QueueCounts } from "@sightline/local";
import { createHostMetrics, SECONDS } from "@sightline/local/metrics";
import type { Observer } from "@sightline/local/telemetry";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Histogram, Registry } from "prom-client";
import type { Address } from "./commands.ts";

/** How a run of a job ended; `interrupted`: cancelled, or handed to another worker. */
export type JobOutcome = "done" | "failed" | "interrupted";

/** A worker's metrics, for Prometheus. */
export interface MetricsServer {
  readonly observer: Observer;
  /** A job came to its end here, or was begun in vain. */
  worked(task: string, outcome: JobOutcome, seconds: number): void;
  /** Where it listens. */
  readonly origin: string;
  close(): void;
}

/** @param counts what lies in the queues. SetupError when it cannot be listened there. */
export async function serveMetrics(
  { host, port }: Address,
  counts: () => Promise<Readonly<Record<string, QueueCounts>> | undefined>,
): Promise<MetricsServer> {
  const register = new Registry();
  const metrics = createHostMetrics(register);
  const jobs = new Histogram({
    name: "sightline_job_duration_seconds",
    help: "Time that a run of a job took",
    labelNames: ["task", "outcome"],
    buckets: SECONDS,
    registers: [register],
  });
  const server = createServer((request, response) => {
    void answer(request.url).then(
      ([status, body]) => response.writeHead(status, { "Content-Type": register.contentType }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  async function answer(url: string | undefined): Promise<[status: number, body: string]> {
    if (url === "/healthz") return [200, "ok\n"];
    if (url !== "/metrics") return [404, "Metrics are at /metrics.\n"];
    metrics.queues(await counts());
    return [200, await register.metrics()];
  }
  server.listen(port, host);
  await once(server, "listening").catch((error: unknown) => {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new SetupError(`${host}:${port} cannot be listened on (${why}).`, { hint: "Name another port with --metrics.", cause: error });
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    observer: metrics,
    worked: (task, outcome, seconds) => jobs.observe({ task, outcome }, seconds),
    origin: `http://${host.includes(":") ? `[${host}]` : host}:${actual}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
