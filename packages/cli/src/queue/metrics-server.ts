import { SetupError } from "@sightline/core";
import type { QueueCounts } from "@sightline/local";
import { createHostMetrics } from "@sightline/local/metrics";
import type { Observer } from "@sightline/local/telemetry";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Registry } from "prom-client";
import type { Address } from "./commands.ts";

/** A worker's metrics, for Prometheus. */
export interface MetricsServer {
  readonly observer: Observer;
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
  const server = createServer((request, response) => {
    void answer(request.url).then(
      ([status, body]) => response.writeHead(status, { "Content-Type": register.contentType }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  async function answer(url: string | undefined): Promise<[status: number, body: string]> {
    if (url === "/healthz") return [200, "ok\n"];
    if (url !== "/metrics") return [404, "Metrics are at /metrics.\n"];
    for (const [name, each] of Object.entries((await counts()) ?? {})) metrics.queue(name, each);
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
    origin: `http://${host.includes(":") ? `[${host}]` : host}:${actual}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
