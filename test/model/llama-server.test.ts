import { inspectServer, type ModelRequest, openModel, parseJsonAnswer } from "@sightline/core";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { systemClock } from "../../packages/local/src/model/clock.ts";
import { createModelTransport } from "../../packages/local/src/model/transport.ts";
import { writeRandomVisionModel } from "../tools/random-vision-model.ts";
import { WHITE_PIXEL } from "./pictures.ts";

/** A real server, so that what is sent is what one takes and what is understood is what one says. */
const program = process.env["SIGHTLINE_LLAMA_SERVER"];
if (program === undefined)
  console.warn("Skipped: no real llama-server. To enable: SIGHTLINE_LLAMA_SERVER=$(test/tools/get-llama-server.sh /tmp/llama-server)");

const started: ChildProcess[] = [];
const transport = createModelTransport({ retries: 0 });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts a server and waits until it has loaded its model; resolves to its base URL. */
async function start(...options: string[]): Promise<string> {
  const port = await freePort();
  const server = spawn(
    program ?? "",
    [...options, "--host", "127.0.0.1", "--port", String(port), "--no-webui", "--ctx-size", "2048", "--threads", "1"],
    { stdio: "ignore" },
  );
  started.push(server);
  await vi.waitFor(async () => expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200), { timeout: 30_000 });
  return `http://127.0.0.1:${port}/v1`;
}

describe.skipIf(program === undefined)("a real llama-server", () => {
  let folder: string;
  let seeing: string;
  let blind: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sightline-llama-"));
    const { text, projector } = writeRandomVisionModel(folder);
    [seeing, blind] = await Promise.all([start("-m", text, "--mmproj", projector, "--api-key", "right"), start("-m", text)]);
  });
  afterAll(async () => {
    for (const server of started) server.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  const scene = z.strictObject({ kind: z.enum(["photo", "document"]), people: z.boolean() });
  const request: ModelRequest = { prompt: "What is on the picture?", images: [WHITE_PIXEL], maxTokens: 60, temperature: 0 };
  const model = (apiKey = "right") =>
    openModel("llamacpp", { baseUrl: seeing, apiKey, model: "tiny-random", transport, clock: systemClock });

  test("takes a picture and a schema, and answers by it", async () => {
    const grown: string[] = [];
    const answer = await model().ask(
      { ...request, schema: { name: "scene", schema: z.toJSONSchema(scene) } },
      { onText: (soFar) => grown.push(soFar) },
    );
    expect(parseJsonAnswer(answer.text, scene)).toBeDefined();
    expect(answer.finish).toBe("stop");
    expect(grown.at(-1)).toBe(answer.text);
  });

  test("counts a picture's tokens", async () => {
    const inputTokens = async (images: ModelRequest["images"]) =>
      (await model().ask({ ...request, maxTokens: 1, images })).usage?.inputTokens ?? 0;
    expect(await inputTokens([WHITE_PIXEL, WHITE_PIXEL])).toBeGreaterThan(await inputTokens([WHITE_PIXEL]));
    expect(await inputTokens([WHITE_PIXEL])).toBeGreaterThan((await inputTokens([])) + 3);
  });

  test("says that it was cut off", async () => {
    expect(await model().ask({ ...request, maxTokens: 2, schema: { name: "scene", schema: z.toJSONSchema(scene) } })).toMatchObject({
      finish: "length",
    });
  });

  test("refuses what is too long, with numbers", async () => {
    await expect(model().ask({ ...request, prompt: "word ".repeat(1000) })).rejects.toMatchObject({
      kind: "ModelError",
      status: 400,
      message: expect.stringMatching(/takes \d{4} tokens and the context holds \d{4}/),
    });
  });

  test("refuses a picture that is none", async () => {
    await expect(model().ask({ ...request, images: [{ ...WHITE_PIXEL, bytes: Buffer.from("no picture") }] })).rejects.toMatchObject({
      kind: "ModelError",
      status: 400,
      message: expect.stringContaining("image"),
    });
  });

  test("refuses a wrong key", async () => {
    await expect(model("wrong").ask(request)).rejects.toMatchObject({
      kind: "SetupError",
      hint: expect.stringContaining("SIGHTLINE_API_KEY"),
    });
  });

  test("without a projector takes no pictures, and text all the same", async () => {
    const textOnly = openModel("llamacpp", { baseUrl: blind, model: "tiny-random", transport, clock: systemClock });
    await expect(textOnly.ask(request)).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringContaining("takes no pictures"),
    });
    expect(await textOnly.ask({ ...request, images: [] })).toMatchObject({ usage: { outputTokens: expect.any(Number) } });
  });

  test("a question that is cancelled in mid-answer leaves it free for the next", async () => {
    const controller = new AbortController();
    const reason = new Error("the user left");
    const asking = model().ask(
      { ...request, maxTokens: 1500, temperature: 1 },
      { signal: controller.signal, onText: () => controller.abort(reason) },
    );
    await expect(asking).rejects.toBe(reason);
    expect((await model().ask({ ...request, maxTokens: 1 })).usage?.outputTokens).toBe(1);
  });
});
