import { request } from "node:http";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startStandInModel } from "../model/stand-in-server.ts";
import { connect, connectOverHttp, ERAS, SAMPLES, startHttpServer, type HttpServer } from "./connect.ts";
import { isRunning } from "./processes.ts";

const coffee = path.join(SAMPLES, "coffee.png");
const TOKEN = "a-token-for-the-tests-0123456789";

/** Polled, and only as long as it takes. */
const WAIT = { timeout: 30_000, interval: 20 };

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Sends what `fetch` does not let through, such as a Host of one's own. */
function send(
  url: string,
  { method = "GET", headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
    })
      .on("error", reject)
      .end(body);
  });
}

const JSON_HEADERS = { "Content-Type": "application/json", Accept: "application/json, text/event-stream" };
const LIST = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });

describe("over HTTP, on this machine", () => {
  let server: HttpServer;
  beforeAll(async () => void (server = await startHttpServer()));
  afterAll(() => server.close());

  it.each(ERAS)("serves the same tools and answers as over standard input and output, to a %s", async (era) => {
    const [remote, local] = [await connectOverHttp(server, { era }), await connect({ era })];
    try {
      expect(await remote.listTools()).toEqual(await local.listTools());
      const asked = { image: coffee };
      const [{ data: there }, { data: here }] = [await remote.call("describe_image", asked), await local.call("describe_image", asked)];
      expect(there).toEqual(here);
    } finally {
      await Promise.all([remote.close(), local.close()]);
    }
  });

  it.each(ERAS)("tells progress while it works, to a %s", async (era) => {
    const client = await connectOverHttp(server, { era });
    try {
      const told: string[] = [];
      await client.call("describe_image", { image: coffee }, { onprogress: ({ message }) => told.push(message ?? "") });
      expect(told.join("\n")).toContain("coffee.png");
    } finally {
      await client.close();
    }
  });

  it("says that it lives and is ready, and counts", async () => {
    expect(await send(`${server.origin}/healthz`)).toMatchObject({ status: 200, text: "ok\n" });
    expect(await send(`${server.origin}/readyz`)).toMatchObject({ status: 200, text: "ready\n" });
    const client = await connectOverHttp(server);
    await client.call("status", {});
    await client.call("describe_image", { image: "/nowhere.png" });
    await client.close();
    const { text, headers } = await send(`${server.origin}/metrics`);
    expect(headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toMatch(/^sightline_tool_calls_total\{tool="status",outcome="answered"\} [1-9]/m);
    expect(text).toMatch(/^sightline_tool_calls_total\{tool="describe_image",outcome="failed"\} [1-9]/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d/m);
  });

  it.each([
    ["a page of another site", { Origin: "https://evil.example" }],
    ["a name that was bound to this address", { Host: "evil.example" }],
  ])("refuses %s, at every path", async (_, headers) => {
    for (const at of ["/mcp", "/metrics", "/healthz"])
      expect(await send(server.origin + at, { method: "POST", headers: { ...JSON_HEADERS, ...headers }, body: LIST })).toMatchObject({
        status: 403,
      });
  });

  it("serves the playground, which no other page may frame, and which loads nothing from elsewhere", async () => {
    const { status, text, headers } = await send(`${server.origin}/`);
    expect(status).toBe(200);
    expect(headers).toMatchObject({ "content-type": "text/html; charset=UTF-8", "content-security-policy": "frame-ancestors 'none'" });
    expect(text).toContain("default-src 'none'");
    expect(await send(`${server.origin}/`, { headers: { Host: "attacker.example" } })).toMatchObject({ status: 403 });
    expect(await send(`${server.origin}/samples/park.jpg`)).toMatchObject({ status: 200 });
  });

  it("serves a page of this machine", async () => {
    const headers = { ...JSON_HEADERS, Origin: "http://localhost:5173" };
    expect(await send(`${server.origin}/mcp`, { method: "POST", headers, body: LIST })).toMatchObject({ status: 200 });
  });

  it.each([
    ["GET", "/mcp", undefined, 405],
    ["POST", "/mcp", "{", 400],
    ["POST", "/mcp", JSON.stringify({ ...JSON.parse(LIST), padding: "x".repeat(33 * 1024 * 1024) }), 413],
    ["GET", "/nothing", undefined, 404],
    ["GET", "/samples/package.json", undefined, 404],
    ["GET", "/samples/..%2Fsightline-mcp.js", undefined, 404],
  ])("answers %s %s that it cannot serve with a status that says why", async (method, at, body, status) => {
    const answer = await fetch(server.origin + at, { method, headers: JSON_HEADERS, ...(body === undefined ? {} : { body }) });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: expect.anything() });
  });
});

describe("over HTTP, with a model that does not answer", () => {
  it("turns away what is too much, in words, and serves again when there is room; a client that goes frees its place and its question", async () => {
    const model = await startStandInModel({ mode: "silent" });
    const server = await startHttpServer({
      args: ["--backend", "openai-compatible", "--base-url", model.baseUrl, "--model", model.model, "--allow", SAMPLES],
    });
    const ask = (id: number) => ({
      jsonrpc: "2.0",
      id,
      method: "tools/call",
      params: { name: "ask_image", arguments: { images: [coffee], question: "What is in the cup?" } },
    });
    const asking: AbortController[] = [];
    const outcomes: Promise<unknown>[] = [];
    try {
      const post = (id: number, signal: AbortSignal): Promise<Response> =>
        fetch(`${server.origin}/mcp`, { method: "POST", headers: JSON_HEADERS, body: JSON.stringify(ask(id)), signal });
      for (let id = 1; id <= 64; id++) {
        const going = new AbortController();
        asking.push(going);
        outcomes.push(
          post(id, going.signal)
            .then((response) => response.text())
            .catch(() => {}),
        );
      }
      const full = await vi.waitFor(async () => {
        const response = await fetch(`${server.origin}/mcp`, { method: "POST", headers: JSON_HEADERS, body: LIST });
        expect(response.status).toBe(429);
        return response;
      }, WAIT);
      expect(full.headers.get("retry-after")).toBe("5");
      expect(((await full.json()) as { error: { message: string } }).error.message).toMatch(/Too many of your requests/);
      await vi.waitFor(() => expect(model.requests.filter(({ path: url }) => url.endsWith("/chat/completions"))).not.toHaveLength(0), WAIT);
      for (const going of asking) going.abort();
      await Promise.all(outcomes);
      await vi.waitFor(async () => {
        const { text } = await send(`${server.origin}/metrics`);
        expect(text).toMatch(/^sightline_requests_under_way 0$/m);
        expect(text).toMatch(/^sightline_requests_refused_total\{status="429"\} [1-9]/m);
      }, WAIT);
      for (const asked of model.requests.filter(({ path: url }) => url.endsWith("/chat/completions")))
        expect(await asked.end).toBe("aborted");
      expect((await fetch(`${server.origin}/mcp`, { method: "POST", headers: JSON_HEADERS, body: LIST })).status).toBe(200);
    } finally {
      for (const going of asking) going.abort();
      await server.close();
      await model.close();
    }
  });
});

describe.each(ERAS)("over HTTP, a call that is cancelled, %s", (era) => {
  it("ends its question to the model, and no other client's call of the same number", async () => {
    const model = await startStandInModel({ mode: "silent" });
    const server = await startHttpServer({
      args: [
        "--backend",
        "openai-compatible",
        "--base-url",
        model.baseUrl,
        "--model",
        model.model,
        "--concurrency",
        "2",
        "--allow",
        SAMPLES,
      ],
    });
    const clients = await Promise.all([connectOverHttp(server, { era }), connectOverHttp(server, { era })]);
    const asked = () => model.requests.filter(({ path: url }) => url.endsWith("/chat/completions"));
    try {
      const stops = clients.map(() => new AbortController());
      const outcomes = clients.map((client, index) =>
        client
          .call("ask_image", { images: [coffee], question: `Question ${index}?` }, { signal: (stops[index] as AbortController).signal })
          .catch((error: unknown) => error),
      );
      await vi.waitFor(() => expect(asked()).toHaveLength(2), WAIT);
      const [mine, others] = asked().toSorted(
        (a, b) => JSON.stringify(a.body).indexOf("Question 1") - JSON.stringify(b.body).indexOf("Question 1"),
      );
      stops[0]?.abort();
      expect(await mine?.end).toBe("aborted");
      expect(await outcomes[0]).toBeInstanceOf(Error);
      expect(await Promise.race([others?.end, Promise.resolve("still asked")])).toBe("still asked");
      stops[1]?.abort();
      expect(await others?.end).toBe("aborted");
      await Promise.all(outcomes);
    } finally {
      await Promise.all(clients.map((client) => client.close()));
      await server.close();
      await model.close();
    }
  });
});

describe("over HTTP, beyond this machine", () => {
  it("does not start without a token", async () => {
    await expect(startHttpServer({ args: ["--http", "0.0.0.0:0", "--backend", "none"] })).rejects.toThrow(/SIGHTLINE_HTTP_TOKEN/);
  });

  it("serves whoever has the token, tells the others nothing, and never shows it", async () => {
    const server = await startHttpServer({ args: ["--http", "0.0.0.0:0", "--backend", "none"], env: { SIGHTLINE_HTTP_TOKEN: TOKEN } });
    try {
      for (const at of ["/mcp", "/metrics", "/files/x.png"]) {
        const bare = await send(server.origin + at);
        expect(bare).toMatchObject({ status: 401, headers: { "www-authenticate": expect.stringMatching(/^Bearer/) } });
        expect(JSON.parse(bare.text).error).toMatch(/bearer token/);
        expect(await send(server.origin + at, { headers: { Authorization: `Bearer ${TOKEN}x` } })).toMatchObject({ status: 401 });
      }
      expect(await send(`${server.origin}/healthz`)).toMatchObject({ status: 200 });
      await expect(connectOverHttp(server)).rejects.toThrow();
      const client = await connectOverHttp(server, { token: TOKEN });
      const { text } = await client.call("status", {});
      expect(text).not.toContain(TOKEN);
      await client.close();
      expect(server.stderr()).not.toContain(TOKEN);
    } finally {
      await server.close();
    }
  });

  it("says so when it cannot listen there", async () => {
    const first = await startHttpServer();
    try {
      const { port } = new URL(first.origin);
      await expect(startHttpServer({ args: ["--http", port, "--backend", "none"] })).rejects.toThrow(/another program listens there/);
    } finally {
      await first.close();
    }
  });
});

describe("asked to go", () => {
  it("answers what is under way, takes nothing new, and leaves no process", async () => {
    let answer!: () => void;
    const model = await startStandInModel({ until: new Promise<void>((resolve) => (answer = resolve)) });
    const server = await startHttpServer({
      args: ["--backend", "openai-compatible", "--base-url", model.baseUrl, "--model", model.model, "--allow", SAMPLES],
    });
    const client = await connectOverHttp(server);
    try {
      const underWay = client.call("ask_image", { images: [coffee], question: "What is this?" });
      await vi.waitFor(() => expect(model.requests.map(({ method }) => method)).toContain("POST"), WAIT);
      const gone = server.close();
      await vi.waitFor(() => expect(send(`${server.origin}/healthz`)).rejects.toThrow(), WAIT);
      answer();
      expect((await underWay).data.answer).toContain("What is this?");
      expect(await gone).toBe(0);
      expect(isRunning(server.pid)).toBe(false);
    } finally {
      await Promise.all([client.close(), model.close()]);
    }
  });
});

describe.each(["stdio", "http"])("--protocol legacy, %s", (over) => {
  it("answers a newer client in the older protocol, and has no discovery for it", async () => {
    const args = ["--protocol", "legacy", "--backend", "none", "--allow", SAMPLES];
    const server = over === "http" ? await startHttpServer({ args }) : undefined;
    const open = (era: (typeof ERAS)[number]) => (server === undefined ? connect({ era, args }) : connectOverHttp(server, { era }));
    try {
      await expect(open("2.x client, 2026-07-28")).rejects.toThrow();
      for (const era of ["2.x client, 2025-11-25", "1.x client"] as const) {
        const client = await open(era);
        expect((await client.listTools()).length).toBeGreaterThan(3);
        await client.close();
      }
    } finally {
      await server?.close();
    }
  });
});
