import type { ModelTransport } from "@sightline/core";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createModelTransport } from "./transport.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server that meets its requests with these, in turn; the last one holds for all that follow. */
async function serve(...answers: RequestListener[]): Promise<{ url: string; count(): number; bodies: string[] }> {
  let count = 0;
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => bodies.push(body));
    answers[Math.min(count++, answers.length - 1)]?.(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, count: () => count, bodies };
}

const says =
  (status: number, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, headers).end(`said ${status}`);
const hangsUp: RequestListener = (request) => void request.socket.destroy();
const silent: RequestListener = () => {};

const quick: ModelTransport = createModelTransport({ retries: 2, backoffMs: 1 });
const post = { method: "POST", body: "a question" };

function code(error: unknown): unknown {
  return (error as { cause?: { code?: unknown } }).cause?.code;
}

describe("tries again", () => {
  test.each([429, 502, 503, 504])("after a %i, with the whole request", async (status) => {
    const server = await serve(says(status), says(200));
    const response = await quick(server.url, post);
    expect(response.status).toBe(200);
    expect(server.bodies).toEqual(["a question", "a question"]);
  });

  test("after a connection that was lost before the first byte", async () => {
    const server = await serve(hangsUp, says(200));
    expect((await quick(server.url, post)).status).toBe(200);
  });

  test("at most as often as said; then the last answer stands, body and all", async () => {
    const server = await serve(says(503));
    const response = await quick(server.url, post);
    expect([response.status, await response.text()]).toEqual([503, "said 503"]);
    expect(server.count()).toBe(3);
  });

  test("not before the server's Retry-After, a date too", async () => {
    const times: number[] = [];
    const timed =
      (listener: RequestListener): RequestListener =>
      (request, response) => {
        times.push(performance.now());
        listener(request, response);
      };
    const server = await serve(
      timed(says(429, { "retry-after": "0.2" })),
      timed(says(503, { "retry-after": new Date(0).toUTCString() })),
      timed(says(200)),
    );
    expect((await quick(server.url, post)).status).toBe(200);
    // A lower bound only, which no slow machine can break; timers may be a millisecond early.
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(198);
  });
});

describe("does not try again", () => {
  test.each([400, 401, 404, 500, 501])("after a %i", async (status) => {
    const server = await serve(says(status));
    expect((await quick(server.url, post)).status).toBe(status);
    expect(server.count()).toBe(1);
  });

  test("when asked to wait longer than it will", async () => {
    const server = await serve(says(429, { "retry-after": "61" }));
    expect((await quick(server.url, post)).headers.get("retry-after")).toBe("61");
    expect(server.count()).toBe(1);
  });

  test("once the answer has begun", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200);
      response.write("the beginning", () => response.socket?.destroy());
    });
    const response = await quick(server.url, post);
    await expect(response.text()).rejects.toThrow("terminated");
    expect(server.count()).toBe(1);
  });

  test("where nothing listens", async () => {
    const server = await serve(says(200));
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(code(await quick(server.url, post).catch((error: unknown) => error))).toBe("ECONNREFUSED");
  });
});

describe("deadlines", () => {
  test("for the first byte", async () => {
    const server = await serve(silent);
    const error: unknown = await createModelTransport({ firstByteMs: 50, retries: 2 })(server.url, post).catch((reason: unknown) => reason);
    expect(code(error)).toBe("UND_ERR_HEADERS_TIMEOUT");
    expect(server.count()).toBe(1);
  });

  test("between two pieces", async () => {
    const server = await serve((_request, response) => void response.writeHead(200).write("the beginning"));
    const response = await createModelTransport({ idleMs: 50 })(server.url, post);
    expect(code(await response.text().catch((reason: unknown) => reason))).toBe("UND_ERR_BODY_TIMEOUT");
  });
});

describe("cancelling", () => {
  const reason = new Error("the user left");

  test("ends a request that is under way", async () => {
    const controller = new AbortController();
    let connectionClosed: Promise<unknown> | undefined;
    const server = await serve((request) => {
      connectionClosed = once(request.socket, "close");
      controller.abort(reason);
    });
    await expect(quick(server.url, { ...post, signal: controller.signal })).rejects.toBe(reason);
    await connectionClosed;
  });

  test("ends the wait for the next try, the server's and its own", async () => {
    for (const headers of [{ "retry-after": "30" }, {}]) {
      const controller = new AbortController();
      const server = await serve((request, response) => {
        says(503, headers)(request, response);
        response.once("close", () => setImmediate(() => controller.abort(reason)));
      });
      const transport = createModelTransport({ retries: 5, backoffMs: 30_000 });
      await expect(transport(server.url, { ...post, signal: controller.signal })).rejects.toBe(reason);
      expect(server.count()).toBe(1);
    }
  });
});

test("a redirect is handed back: the key goes nowhere else", async () => {
  const elsewhere = await serve(says(200));
  const server = await serve(says(307, { location: elsewhere.url }));
  const response = await quick(server.url, { ...post, headers: { authorization: "Bearer key" } });
  expect([response.status, response.headers.get("location")]).toEqual([307, elsewhere.url]);
  expect(elsewhere.count()).toBe(0);
});

test("takes a Request as fetch does", async () => {
  const server = await serve(says(200));
  await quick(new Request(server.url, post));
  expect(server.bodies).toEqual(["a question"]);
});
