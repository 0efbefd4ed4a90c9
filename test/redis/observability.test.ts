import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toCii } from "../../packages/core/src/invoice/invoice.test-samples.ts";
import { runCli, startCli } from "../cli/run-cli.ts";
import { BILL } from "../documents/invoice-pdf.ts";
import { connectOverHttp, SAMPLES, startHttpServer } from "../mcp/connect.ts";
import { startStandInModel, type StandInModel } from "../model/stand-in-server.ts";
import { NO_REDIS, type RedisServer, startRedis } from "./redis-server.ts";

/** A receiver of OpenTelemetry's protocol: what comes to /v1/traces, as JSON. */
async function startReceiver() {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      if (request.url === "/v1/traces") bodies.push(body);
      response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    text: () => bodies.join("\n"),
    spans: () => bodies.flatMap((body) => spansOf(JSON.parse(body) as Traces)),
    close: () => server.close(),
  };
}

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}
interface Traces {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
}
const spansOf = ({ resourceSpans }: Traces): Span[] => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));

const KEY = "nv-secret-key";
const SECRET = "Zebra Quince Ltd";

describe.skipIf(NO_REDIS !== undefined)("what can be seen from outside", () => {
  let root: string;
  let redis: RedisServer;
  let model: StandInModel;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), "sightline-seen-"));
    [redis, model, receiver] = await Promise.all([
      startRedis(),
      startStandInModel({ apiKey: KEY, text: `It says ${SECRET}.` }),
      startReceiver(),
    ]);
  });
  afterAll(async () => {
    receiver.close();
    await Promise.all([model.close(), redis.close()]);
    await rm(root, { recursive: true, force: true });
  });

  const environment = (): Record<string, string> => ({
    SIGHTLINE_REDIS: redis.url,
    SIGHTLINE_API_KEY: KEY,
    SIGHTLINE_LOG: "json",
    XDG_CACHE_HOME: path.join(root, "cache"),
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_BSP_SCHEDULE_DELAY: "100",
  });

  it("of a server: metrics, a trace from the client's call to the model's answer, logs in JSON, and no word of a document", async () => {
    const args = ["--backend", "openai-compatible", "--base-url", model.baseUrl, "--model", model.model, "--allow", SAMPLES];
    const server = await startHttpServer({ args, env: environment() });
    try {
      const client = await connectOverHttp(server);
      const { isError, text } = await client.call("ask_image", {
        images: [path.join(SAMPLES, "coffee.png")],
        question: "What does it say?",
      });
      expect(isError, text).toBe(false);
      await client.call("ask_image", { images: [path.join(SAMPLES, "coffee.png")], question: "What does it say?" });
      const metrics = await (await fetch(`${server.origin}/metrics`)).text();
      expect(metrics).toMatch(/sightline_tool_calls_total\{tool="ask_image",outcome="answered"\} 2/);
      expect(metrics).toMatch(/sightline_model_request_duration_seconds_count\{model="stand-in-vision",outcome="answered"\} 1/);
      expect(metrics).toMatch(/sightline_model_tokens_total\{model="stand-in-vision",direction="output"\} [1-9]/);
      expect(metrics).toMatch(/sightline_answer_cache_lookups_total\{outcome="hit"\} 1/);
      expect(metrics).toMatch(/sightline_queue_workers\{queue="calls"\} 1/);
      expect(metrics).toMatch(/sightline_redis_up 1/);
      expect(metrics).toMatch(/sightline_decoder_kills_total/);
      expect(metrics).not.toMatch(new RegExp(`${KEY}|${SECRET}`));
    } finally {
      await server.close();
    }
    const spans = receiver.spans();
    const call = spans.find(({ name }) => name === "tools/call ask_image");
    expect(spans.find(({ name, parentSpanId }) => name === "chat stand-in-vision" && parentSpanId === call?.spanId)).toMatchObject({
      traceId: call?.traceId,
    });
    expect(receiver.text()).not.toMatch(new RegExp(`${KEY}|${SECRET}`));
    for (const line of server.stderr().trim().split("\n"))
      expect(JSON.parse(line)).toMatchObject({ program: "sightline-mcp", level: "info" });
  });

  it("of traces that cannot be sent: why", async () => {
    const worker = startCli(["worker", "--allow", root], { env: { ...environment(), OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" } });
    let log = "";
    worker.process.stderr.on("data", (text: string) => (log += text));
    await expect.poll(() => log).toContain("Taking files");
    worker.process.kill("SIGTERM");
    expect((await worker.outcome).stderr).toMatch(/No traces are sent: OTEL_EXPORTER_OTLP_PROTOCOL=grpc/);
  });

  it("of a worker: its metrics, and each job as a span", async () => {
    await mkdir(path.join(root, "in"));
    await writeFile(path.join(root, "in", "1.xml"), toCii({ ...BILL, number: "INV-1" }));
    const options = { cwd: root, env: environment() };
    const worker = startCli(["worker", "--allow", "in", "--metrics", "0"], options);
    const origin = await new Promise<string>((resolve) => {
      let log = "";
      worker.process.stderr.on("data", (text: string) => {
        log += text;
        const found = /Metrics are at (http\S+)\/metrics/.exec(log)?.[1];
        if (found !== undefined && log.includes("Taking files")) resolve(found);
      });
    });
    const done = await runCli(["batch", "in", "--task", "extract-invoice", "--out", "rows.jsonl", "--no-csv"], options);
    expect(done.code, done.stderr).toBe(0);
    const metrics = await (await fetch(`${origin}/metrics`)).text();
    expect(metrics).toMatch(/sightline_queue_workers\{queue="batch"\} 1/);
    expect(metrics).toMatch(/sightline_job_duration_seconds_count\{task="extract_invoice",outcome="done"\} 1/);
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
    worker.process.kill("SIGTERM");
    const { code, stderr } = await worker.outcome;
    expect(code).toBe(0);
    for (const line of stderr.trim().split("\n")) expect(JSON.parse(line)).toMatchObject({ program: "sightline" });
    expect(receiver.spans().map(({ name }) => name)).toContain("job extract_invoice");
  });
});
