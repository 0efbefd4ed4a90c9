import type { ModelTransport } from "@sightline/core";
import { getEventListeners, once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, LookupFunction } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createFastClock } from "../../../../test/model/fast-clock.ts";
import { createModelTransport } from "./transport.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server that meets its requests with these, in turn; the last one holds for all that follow. */
async function serve(...answers: RequestListener[]): Promise<{ url: string; port: number; count(): number; bodies: string[] }> {
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
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, port, count: () => count, bodies };
}

const says =
  (status: number, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, headers).end(`said ${status}`);
const hangsUp: RequestListener = (request) => void request.socket.destroy();

/** Takes a request and leaves it to the test when, and what, is answered. */
function held(): { readonly listener: RequestListener; readonly taken: Promise<{ request: IncomingMessage; response: ServerResponse }> } {
  let listener: RequestListener = () => {};
  const taken = new Promise<{ request: IncomingMessage; response: ServerResponse }>(
    (resolve) => (listener = (request, response) => resolve({ request, response })),
  );
  return { listener, taken };
}

/** Backs off, and waits as long as it is asked to, in no time. */
function quickly(options: Parameters<typeof createModelTransport>[0] = {}) {
  const clock = createFastClock({ skip: 900_000 - 1 });
  const transport: ModelTransport = createModelTransport({ clock, firstByteMs: 1_000_000, idleMs: 1_000_000, retries: 2, ...options });
  return { clock, transport };
}

const post = { method: "POST", body: "a question" };

function code(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}

describe("tries again", () => {
  test.each([429, 502, 503, 504])("after a %i, with the whole request", async (status) => {
    const server = await serve(says(status), says(200));
    const response = await quickly().transport(server.url, post);
    expect(response.status).toBe(200);
    expect(server.bodies).toEqual(["a question", "a question"]);
  });

  test("after a connection that was lost before the first byte", async () => {
    const server = await serve(hangsUp, says(200));
    const told: string[] = [];
    expect((await quickly().transport(server.url, { ...post, onWait: (message) => told.push(message) })).status).toBe(200);
    expect(told).toEqual([`The connection to http://127.0.0.1:${server.port} was lost: trying again in 1 s`]);
  });

  test("at most as often as said, waiting longer each time; then the last answer stands, body and all", async () => {
    const server = await serve(says(503));
    const { clock, transport } = quickly();
    const response = await transport(server.url, post);
    expect([response.status, await response.text()]).toEqual([503, "said 503"]);
    expect(server.count()).toBe(3);
    expect(clock.slept).toEqual([expect.closeTo(750, -3), expect.closeTo(1_500, -3)]);
  });

  test("after a 503 with a long page, which is handed back whole in the end", async () => {
    const page = "<p>busy</p>".repeat(20_000);
    const server = await serve((_request, response) => void response.writeHead(503).end(page));
    const response = await quickly().transport(server.url, post);
    expect([server.count(), await response.text()]).toEqual([3, page]);
  });

  test("never before a Retry-After is over, however long, and says so", async () => {
    const date = new Date("2026-11-24T10:00:00Z");
    const server = await serve(
      says(429, { "retry-after": "90" }),
      says(503, { date: date.toUTCString(), "retry-after": new Date(date.getTime() + 600_000).toUTCString() }),
      says(200),
    );
    const { clock, transport } = quickly();
    const told: string[] = [];
    expect((await transport(server.url, { ...post, onWait: (message) => told.push(message) })).status).toBe(200);
    expect(clock.slept).toEqual([90_000, 600_000]);
    const name = `http://127.0.0.1:${server.port}`;
    expect(told).toEqual([`${name} asks to wait 90 s (HTTP 429)`, `${name} asks to wait 600 s (HTTP 503)`]);
  });

  test("after a Retry-After of 0, or one that is over, by its own time", async () => {
    const server = await serve(says(429, { "retry-after": "0" }), says(503, { "retry-after": new Date(0).toUTCString() }), says(200));
    const { clock, transport } = quickly();
    expect((await transport(server.url, post)).status).toBe(200);
    expect(clock.slept.every((ms) => ms >= 500 && ms <= 2_000)).toBe(true);
  });

  test("for as long as a first byte may take, while llama-server says that it loads", async () => {
    const loading: RequestListener = (_request, response) =>
      void response
        .writeHead(503, { "content-type": "application/json" })
        .end('{"error":{"message":"Loading model","type":"unavailable_error","code":503}}');
    const server = await serve(...Array.from({ length: 20 }, () => loading), says(200));
    const told: string[] = [];
    const { transport, clock } = quickly();
    expect((await transport(server.url, { ...post, onWait: (message) => told.push(message) })).status).toBe(200);
    expect(told).toHaveLength(20);
    expect(told.at(-1)).toMatch(/^http:\/\/127\.0\.0\.1:\d+ is loading the model \(\d{3} s\)$/);

    const never = await serve(loading);
    const before = clock.now();
    const response = await transport(never.url, post);
    expect([response.status, await response.text()]).toEqual([503, expect.stringContaining("Loading model")]);
    expect(clock.now() - before).toBeGreaterThanOrEqual(1_000_000);
  });
});

describe("does not try again", () => {
  test.each([400, 401, 404, 500, 501])("after a %i", async (status) => {
    const server = await serve(says(status));
    expect((await quickly().transport(server.url, post)).status).toBe(status);
    expect(server.count()).toBe(1);
  });

  test("when asked to wait longer than it will", async () => {
    const server = await serve(says(429, { "retry-after": "901" }));
    const response = await quickly().transport(server.url, post);
    expect([response.headers.get("retry-after"), await response.text()]).toEqual(["901", "said 429"]);
    expect(server.count()).toBe(1);
  });

  test("when told not to, were the model loading", async () => {
    const server = await serve((_request, response) => void response.writeHead(503).end("Loading model"));
    expect((await quickly({ retries: 0 }).transport(server.url, post)).status).toBe(503);
    expect(server.count()).toBe(1);
  });

  test("once the answer has begun", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200);
      response.write("the beginning", () => response.socket?.destroy());
    });
    const response = await quickly().transport(server.url, post);
    await expect(response.text()).rejects.toThrow("other side closed");
    expect(server.count()).toBe(1);
  });

  test("where nothing listens", async () => {
    const server = await serve(says(200));
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(
      code(
        await quickly()
          .transport(server.url, post)
          .catch((error: unknown) => error),
      ),
    ).toBe("ECONNREFUSED");
  });
});

describe("deadlines", () => {
  test("for the first byte: a ten-minute load is waited for, more is not", async () => {
    const [early, late] = [held(), held()];
    const server = await serve(early.listener, late.listener);
    const clock = createFastClock();
    const transport = createModelTransport({ clock });

    const loaded = transport(server.url, post);
    const { response } = await early.taken;
    await clock.advance(599_999);
    response.end("an answer");
    expect(await (await loaded).text()).toBe("an answer");

    const error: unknown = transport(server.url, post).catch((reason: unknown) => reason);
    const { request } = await late.taken;
    const gone = once(request.socket, "close");
    await clock.advance(600_000);
    expect(code(await error)).toBe("UND_ERR_HEADERS_TIMEOUT");
    await gone;
    expect([server.count(), clock.sleepers]).toEqual([2, 0]);
  });

  test("between two pieces: none while they come, however slowly", async () => {
    const { listener, taken } = held();
    const server = await serve(listener);
    const clock = createFastClock();
    const asking = createModelTransport({ clock })(server.url, post);
    const { response } = await taken;
    response.writeHead(200).flushHeaders();
    const reader = ((await asking).body as ReadableStream<Uint8Array>).getReader();
    for (let piece = 0; piece < 10; piece++) {
      const reading = reader.read();
      await clock.asleep(300_000);
      await clock.advance(299_999);
      response.write(".");
      expect((await reading).value).toHaveLength(1);
    }
    // A reader who takes his time is not the server's silence.
    await clock.advance(1_000_000);
    const reading = reader.read().catch((reason: unknown) => reason);
    await clock.asleep(300_000);
    const gone = once(response, "close");
    await clock.advance(300_000);
    expect(code(await reading)).toBe("UND_ERR_BODY_TIMEOUT");
    await gone;
    expect(clock.sleepers).toBe(0);
  });
});

test("an answer without end is cut off, and its connection ended", async () => {
  let gone: Promise<unknown> | undefined;
  const server = await serve((_request, response) => {
    gone = once(response, "close");
    response.writeHead(200, { "content-type": "application/json" });
    const more = (): void => void (response.destroyed || response.write(" ".repeat(10_000), more));
    more();
  });
  const response = await createModelTransport({ maxBytes: 1_000_000 })(server.url, post);
  const error: unknown = await response.text().catch((reason: unknown) => reason);
  expect([code(error), (error as Error).message]).toEqual(["UND_ERR_RES_EXCEEDED_MAX_SIZE", "the answer is longer than 1 MB"]);
  await gone;
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
    await expect(quickly().transport(server.url, { ...post, signal: controller.signal })).rejects.toBe(reason);
    await connectionClosed;
  });

  test("ends an answer that is under way", async () => {
    const controller = new AbortController();
    const { listener, taken } = held();
    const server = await serve(listener);
    const clock = createFastClock();
    const asking = createModelTransport({ clock })(server.url, { ...post, signal: controller.signal });
    const { response } = await taken;
    const gone = once(response, "close");
    response.writeHead(200).write("the beginning");
    const reading = (await asking).text().catch((error: unknown) => error);
    await clock.asleep(300_000);
    controller.abort(reason);
    expect(await reading).toBe(reason);
    await gone;
    expect([clock.sleepers, getEventListeners(controller.signal, "abort")]).toEqual([0, []]);
  });

  test("ends the wait for the next try, the server's and its own", async () => {
    for (const headers of [{ "retry-after": "30" }, {}]) {
      const controller = new AbortController();
      const server = await serve(says(503, headers));
      const clock = createFastClock();
      const asking = createModelTransport({ clock })(server.url, {
        ...post,
        signal: controller.signal,
        onWait: () => setImmediate(() => controller.abort(reason)),
      });
      await expect(asking).rejects.toBe(reason);
      expect([server.count(), clock.sleepers]).toEqual([1, 0]);
    }
  });

  test("leaves no listener on the signal once the answer is read", async () => {
    const server = await serve(says(200));
    const { signal } = new AbortController();
    const { clock, transport } = quickly();
    await (await transport(server.url, { ...post, signal })).text();
    await (await transport(server.url, { ...post, signal })).body?.cancel();
    expect([getEventListeners(signal, "abort"), clock.sleepers]).toEqual([[], 0]);
  });
});

describe("this machine and private networks alone", () => {
  const resolvesTo =
    (...addresses: string[]): LookupFunction =>
    (_name, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
      );
  const refusal = (host: string) => ({
    kind: "SetupError",
    message: `${host} is not on this machine or your network, and --local-only is set.`,
  });

  test("goes there, by address and by name", async () => {
    const server = await serve(says(200));
    const transport = createModelTransport({ privateOnly: true, lookup: resolvesTo("192.0.2.1", "127.0.0.1") });
    expect((await transport(server.url, post)).status).toBe(200);
    expect((await transport(`http://models.example:${server.port}/`, post)).status).toBe(200);
  });

  test.each(["http://8.8.8.8/v1", "http://[2001:4860:4860::8888]/v1", "https://134744072/v1", "http://[::ffff:8.8.8.8]/v1"])(
    "does not go to %s",
    async (url) => {
      const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
      await expect(createModelTransport({ privateOnly: true })(url, post)).rejects.toMatchObject(refusal(host));
    },
  );

  test("does not go where a name leads elsewhere, whatever the name", async () => {
    const transport = createModelTransport({ privateOnly: true, lookup: resolvesTo("8.8.8.8", "2001:4860:4860::8888") });
    await expect(transport("http://gpu.internal/v1", post)).rejects.toMatchObject(refusal("gpu.internal"));
  });
});

test("a redirect is handed back: the key goes nowhere else", async () => {
  const elsewhere = await serve(says(200));
  const server = await serve(says(307, { location: elsewhere.url }));
  const response = await quickly().transport(server.url, { ...post, headers: { authorization: "Bearer key" } });
  expect([response.status, response.headers.get("location")]).toEqual([307, elsewhere.url]);
  expect(elsewhere.count()).toBe(0);
});

test.each([204, 205, 304])("a %i has no body, as fetch has it", async (status) => {
  const server = await serve((_request, response) => void response.writeHead(status).end());
  const response = await quickly().transport(server.url, { method: "GET" });
  expect([response.status, await response.text()]).toEqual([status, ""]);
});

test("takes a Request as fetch does", async () => {
  const server = await serve(says(200));
  await quickly().transport(new Request(server.url, post));
  expect(server.bodies).toEqual(["a question"]);
});
