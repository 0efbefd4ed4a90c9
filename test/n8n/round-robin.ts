import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** One address before several servers, which are asked in turn: what an operator puts before replicas. */
export interface Balancer {
  readonly origin: string;
  /** Requests that went to each, in the order of the origins. */
  readonly counts: readonly number[];
  close(): Promise<void>;
}

export async function startBalancer(origins: readonly string[]): Promise<Balancer> {
  const counts = origins.map(() => 0);
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const which = turn++ % origins.length;
    counts[which] = (counts[which] ?? 0) + 1;
    // Whether a connection stays is between its two ends.
    const { connection: _, ...headers } = incoming.headers;
    const { method, url = "/" } = incoming;
    const { host } = new URL(origins[which] ?? "");
    const onward = request(new URL(url, origins[which]), { method, headers: { ...headers, host } }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.once("error", () => outgoing.destroy());
    incoming.pipe(onward);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
