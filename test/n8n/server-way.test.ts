import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { billsPdf } from "../documents/invoice-pdf.ts";
import { type HttpServer, startHttpServer } from "../mcp/connect.ts";
import { startStandInModel } from "../model/stand-in-server.ts";
import { sample } from "../tasks/model-context.ts";
import { webhookFlow } from "./flows.ts";
import { connectN8n, CORPORA, type NamedFile } from "./n8n.ts";
import { startBalancer } from "./round-robin.ts";

const n8n = connectN8n(inject("n8n"));
const CREDENTIAL = "sightlineServerApi";
const TOKEN = "a-long-token-of-the-server-0123456789";

let server: HttpServer;
let credentials: Record<string, string>;

async function picture(name: string): Promise<NamedFile> {
  return { name, type: "image/png", bytes: await readFile(sample(name)) };
}

function flow(webhook: string, options: Partial<Parameters<typeof webhookFlow>[0]>): Promise<string> {
  return n8n.workflow(webhookFlow({ webhook, way: CREDENTIAL, does: "document:extractText", ...options }), credentials);
}

beforeAll(async () => {
  server = await startHttpServer({ args: ["--backend", "none"], env: { SIGHTLINE_HTTP_TOKEN: TOKEN } });
  credentials = { [CREDENTIAL]: await n8n.credential("server", CREDENTIAL, { baseUrl: `${server.origin}/mcp`, token: TOKEN }) };
});
afterAll(() => server.close());

describe("the server credential", () => {
  it.each([
    ["OK", () => ({ baseUrl: server.origin, token: TOKEN })],
    ["Error", () => ({ baseUrl: server.origin, token: "wrong" })],
    ["Error", () => ({ baseUrl: "http://127.0.0.1:9", token: TOKEN })],
  ])("is tested at the server: %s", async (status, data) => {
    expect(await n8n.testCredential(credentials[CREDENTIAL] ?? "", "server", CREDENTIAL, data())).toMatchObject({ status });
  });
});

describe("a file and the server", () => {
  it("is handed over once, read, and deleted there", async () => {
    await flow("text", {});
    const { items } = await n8n.post("text", { data: await picture("receipt.png") });
    expect(items[0]).toMatchObject({
      text: expect.stringContaining("HARBOUR STREET BAKERY"),
      file: "receipt.png",
      duration_ms: expect.any(Number),
    });
    const metrics = await (await fetch(`${server.origin}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text();
    expect(metrics).toContain('sightline_tool_calls_total{tool="extract_text",outcome="answered"} 1');
  });

  it("is a picture with all that the server's own eyes see", async () => {
    await flow("look", { does: "image:describe" });
    const { items } = await n8n.post("look", { data: await picture("astronaut.png") });
    expect(items[0]).toMatchObject({ source: "embedded", people: [expect.objectContaining({ box: expect.any(Object) })] });
  });

  it("is a picture in which things are found, and a copy that shows them for the next node", async () => {
    const id = await flow("find", { does: "image:locate", parameters: { query: "the cup" }, options: { annotate: true } });
    const { items } = await n8n.post("find", { data: await picture("coffee.png") });
    expect(items[0]).toMatchObject({
      found: true,
      annotated: "annotated",
      objects: [expect.objectContaining({ box: expect.any(Object) })],
    });
    const [item] = (await n8n.execution(id)).outputs("Sightline")[0] ?? [];
    expect(item?.binary).toMatchObject({ annotated: { mimeType: expect.stringMatching(/^image\//), fileName: expect.any(String) } });
  });

  it("is asked about by a model behind the server: what that took is on the item", async () => {
    const model = await startStandInModel();
    const asking = await startHttpServer({ args: ["--backend", "openai-compatible", "--base-url", model.baseUrl, "--model", model.model] });
    const own = { [CREDENTIAL]: await n8n.credential("asking server", CREDENTIAL, { baseUrl: asking.origin, token: "" }) };
    await n8n.workflow(
      webhookFlow({ webhook: "asking", way: CREDENTIAL, does: "image:ask", parameters: { question: "What is in the cup?" } }),
      own,
    );
    const { items } = await n8n.post("asking", { data: await picture("coffee.png") });
    await Promise.all([asking.close(), model.close()]);
    expect(items[0]?.["usage"]).toEqual({
      calls: 1,
      input_tokens: expect.any(Number),
      output_tokens: expect.any(Number),
      models: [model.model],
      servers: [model.baseUrl],
    });
  });

  it("is asked about with others, PDFs among them, where all are asked for", async () => {
    const parameters = { binaryPropertyName: "all", question: "Which invoice number is it?" };
    await flow("ask-all-server", { does: "image:ask", parameters });
    const pdf = { name: "bill.pdf", type: "application/pdf", bytes: await billsPdf([{ printed: { number: "A-1" } }]) };
    const { items } = await n8n.post("ask-all-server", { a: await picture("coffee.png"), b: pdf });
    expect(items[0]).toMatchObject({
      file: "coffee.png, bill.pdf",
      quotes: expect.arrayContaining([expect.objectContaining({ image: 2, page: 1 })]),
    });
  });

  it.each([
    ["as it is answered", []],
    ["as a job", ["--answer-within", "0.05"]],
  ])("that a model cannot answer about says what that took: %s", async (how, args) => {
    const talking = await startStandInModel({ mode: "whole", text: "I'm sorry, but I can't view images." });
    const model = ["--backend", "openai-compatible", "--base-url", talking.baseUrl, "--model", talking.model];
    const asking = await startHttpServer({ args: [...model, ...args] });
    const own = { [CREDENTIAL]: await n8n.credential(how, CREDENTIAL, { baseUrl: asking.origin, token: "" }) };
    const webhook = how.replaceAll(" ", "-");
    const parameters = { question: "What is in the cup?" };
    const id = await n8n.workflow(
      webhookFlow({ webhook, way: CREDENTIAL, does: "image:ask", parameters, onError: "continueErrorOutput" }),
      own,
    );
    await n8n.post(webhook, { data: await picture("coffee.png") });
    const [, [failed] = []] = (await n8n.execution(id)).outputs("Sightline");
    expect(failed?.error?.context).toMatchObject({ file: "coffee.png", usage: { calls: talking.requests.length } });
    await Promise.all([asking.close(), talking.close()]);
  });

  it.skipIf(!existsSync(path.join(CORPORA, "sroie")))("is a receipt that comes out as a checked row", async () => {
    const [name = ""] = (await readdir(path.join(CORPORA, "sroie"))).filter((each) => each.endsWith(".jpg"));
    await flow("receipt", { does: "document:extractInvoice" });
    const { items } = await n8n.post("receipt", {
      data: { name, type: "image/jpeg", bytes: await readFile(path.join(CORPORA, "sroie", name)) },
    });
    const { total } = JSON.parse(await readFile(path.join(CORPORA, "sroie", name.replace(/\.jpg$/, ".json")), "utf8")) as { total: string };
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ source: "ocr", checks: expect.any(Array), needs_review: expect.any(Array), totals: { gross: total } });
  });

  it.each([
    ["invoices", [{ number: "A-1" }, { number: "B-2" }]],
    [
      "lines",
      [
        { number: "A-1", line: 1 },
        { number: "A-1", line: 2 },
        { number: "B-2", line: 1 },
        { number: "B-2", line: 2 },
      ],
    ],
  ])("is a PDF of two invoices that come out each on its own, as %s", async (output, expected) => {
    const id = await flow(output, { does: "document:extractInvoice", parameters: { output } });
    const bytes = await billsPdf([{ printed: { number: "A-1" } }, { printed: { number: "B-2" } }]);
    const { items } = await n8n.post(output, { data: { name: "two.pdf", type: "application/pdf", bytes } });
    expect(items, JSON.stringify(items)).toHaveLength(expected.length);
    expect(items).toMatchObject(expected.map((row) => ({ ...row, file: "two.pdf", needs_review: expect.any(Array) })));
    const paired = (await n8n.execution(id)).outputs("Sightline")[0]?.map(({ pairedItem }) => pairedItem);
    expect(paired).toEqual(expected.map(() => ({ item: 0 })));
  });

  it("that cannot be read is an error in the server's words", async () => {
    const id = await flow("broken", { onError: "continueErrorOutput" });
    await n8n.post("broken", { data: { name: "broken.pdf", type: "application/pdf", bytes: Buffer.from("%PDF-1.7 and nothing else") } });
    const [, failed = []] = (await n8n.execution(id)).outputs("Sightline");
    expect(failed[0]?.json["error"]).toMatch(/broken\.pdf/);
  });
});

describe("what the server lacks", () => {
  it("is told as the server's, in the names of its own settings", async () => {
    const parameters = { dataFields: { field: [{ name: "name", type: "text", description: "" }] } };
    const id = await flow("lacking", { does: "document:extractData", parameters });
    await n8n.post("lacking", { data: await picture("receipt.png") });
    expect((await n8n.execution(id)).error).toMatchObject({
      message: expect.stringMatching(/"Extract data from a document" needs a model.*SIGHTLINE_MODEL/s),
      description: expect.stringContaining("about the Sightline server, not about n8n"),
    });
  });
});

describe("a call that takes long", () => {
  it("becomes a job, and its answer is waited for", async () => {
    const slow = await startHttpServer({ args: ["--backend", "none", "--answer-within", "0.05"] });
    const own = { [CREDENTIAL]: await n8n.credential("slow server", CREDENTIAL, { baseUrl: slow.origin, token: "" }) };
    await n8n.workflow(webhookFlow({ webhook: "job", way: CREDENTIAL, does: "document:extractText" }), own);
    const { items } = await n8n.post("job", { data: await picture("receipt.png") });
    const metrics = await (await fetch(`${slow.origin}/metrics`)).text();
    await slow.close();
    expect(metrics).toContain('sightline_tool_calls_total{tool="extract_text",outcome="continued"} 1');
    expect(items[0]).toMatchObject({ text: expect.stringContaining("HARBOUR STREET BAKERY") });
  });
});

describe("an execution that is stopped", () => {
  it.each([
    ["a call", []],
    ["a job", ["--answer-within", "0.05"]],
  ])("ends what goes on at the server: %s", async (what, args) => {
    const endless = await startStandInModel({ delayMs: 60_000 });
    const asking = await startHttpServer({
      args: ["--backend", "openai-compatible", "--base-url", endless.baseUrl, "--model", endless.model, ...args],
    });
    const own = { [CREDENTIAL]: await n8n.credential(what, CREDENTIAL, { baseUrl: asking.origin, token: "" }) };
    const webhook = what.replace(" ", "-");
    const parameters = { question: "What is in the cup?" };
    // Cancelled is cancelled, whatever is to happen on failures.
    const flow = webhookFlow({ webhook, way: CREDENTIAL, does: "image:ask", parameters, onError: "continueRegularOutput" });
    const id = await n8n.workflow(flow, own);
    const answer = n8n.post(webhook, { data: await picture("coffee.png") });
    const running = await n8n.running(id);
    await vi.waitFor(() => expect(endless.requests).toHaveLength(1), { timeout: 30_000 });
    await n8n.request("POST", `/rest/executions/${running}/stop`, {});
    expect(await endless.requests[0]?.end).toBe("aborted");
    await answer;
    expect((await n8n.execution(id)).status).toBe("canceled");
    await Promise.all([asking.close(), endless.close()]);
  });
});

describe("several servers behind one address", () => {
  it("share what was handed over and what is under way, where they share a cache folder", async () => {
    const cache = await mkdtemp(path.join(tmpdir(), "sightline-replicas-"));
    const options = { args: ["--backend", "none", "--answer-within", "0.05"], env: { XDG_CACHE_HOME: cache } };
    const replicas = await Promise.all([startHttpServer(options), startHttpServer(options)]);
    const balancer = await startBalancer(replicas.map(({ origin }) => origin));
    const own = { [CREDENTIAL]: await n8n.credential("replicas", CREDENTIAL, { baseUrl: balancer.origin, token: "" }) };
    const flow = webhookFlow({
      webhook: "replicas",
      way: CREDENTIAL,
      does: "image:locate",
      parameters: { query: "the cup" },
      options: { annotate: true },
    });
    await n8n.workflow(flow, own);
    const { items } = await n8n.post("replicas", { data: await picture("coffee.png") });
    await balancer.close();
    await Promise.all(replicas.map((replica) => replica.close()));
    await rm(cache, { recursive: true, force: true });
    expect(items[0], JSON.stringify(items)).toMatchObject({ found: true, annotated: "annotated" });
    // Handed over to one, called at the other, and so on.
    expect(Math.min(...balancer.counts)).toBeGreaterThanOrEqual(2);
  });
});

describe("what is no Sightline server", () => {
  it.each([
    ["a page", 200, "is no Sightline server"],
    ["a redirect", 302, "sends requests elsewhere"],
    ["a failing proxy", 500, "refused the request (HTTP 500)"],
  ])("is told as such: %s", async (what, status, words) => {
    const other = createServer((_, response) => void response.writeHead(status, { location: "/login" }).end("<html>")).listen(
      0,
      "127.0.0.1",
    );
    await once(other, "listening");
    const baseUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const own = { [CREDENTIAL]: await n8n.credential(what, CREDENTIAL, { baseUrl, token: "" }) };
    const webhook = `other-${status}`;
    const id = await n8n.workflow(webhookFlow({ webhook, way: CREDENTIAL, does: "document:extractText" }), own);
    await n8n.post(webhook, { data: await picture("receipt.png") });
    expect((await n8n.execution(id)).error?.message).toContain(words);
    await new Promise((resolve) => other.close(resolve));
  });
});

describe("no server", () => {
  it("is told with the command that starts it", async () => {
    const own = { [CREDENTIAL]: await n8n.credential("no server", CREDENTIAL, { baseUrl: "http://127.0.0.1:9", token: "" }) };
    const id = await n8n.workflow(webhookFlow({ webhook: "none", way: CREDENTIAL, does: "document:extractText" }), own);
    await n8n.post("none", { data: await picture("receipt.png") });
    expect((await n8n.execution(id)).error).toMatchObject({
      message: expect.stringContaining("No Sightline server answers"),
      description: expect.stringContaining("npx -y @sightline/mcp-server --http 8420"),
    });
  });
});
