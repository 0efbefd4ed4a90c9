import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An HTTP server that takes notifications as messengers do: forms of several parts, a picture among them. */
export interface Notifications {
  readonly url: string;
  readonly received: readonly Notification[];
  close(): Promise<void>;
}

export interface Notification {
  readonly fields: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

export async function startNotifications(): Promise<Notifications> {
  const received: Notification[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      received.push(await notification(Buffer.concat(pieces), request.headers["content-type"] ?? ""));
      response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
    })();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function notification(body: Buffer<ArrayBuffer>, type: string): Promise<Notification> {
  const fields: Record<string, string> = {};
  const files: Record<string, Uint8Array> = {};
  for (const [name, value] of await new Response(body, { headers: { "content-type": type } }).formData()) {
    if (typeof value === "string") fields[name] = value;
    else files[name] = new Uint8Array(await value.arrayBuffer());
  }
  return { fields, files };
}
