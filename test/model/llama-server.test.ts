import { inspectServer, type ModelRequest, openModel, parseJsonAnswer } from "@sightline/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { systemClock } from "../../packages/local/src/model/clock.ts";
import { createModelTransport } from "../../packages/local/src/model/transport.ts";
import { LLAMA_CONTEXT, llamaServerProgram, type LlamaServers, startLlamaServers } from "../tools/llama-server.ts";
import { WHITE_PIXEL } from "./pictures.ts";

/**
 * A real server, so that what is sent is what one takes and what is understood is what one says. What every backend must do it is asked in the contract
 * suite (`test/contract`); here is the rest.
 */
const program = llamaServerProgram();
const transport = createModelTransport({ retries: 0 });

describe.skipIf(program === undefined)("a real llama-server", () => {
  let servers: LlamaServers;
  beforeAll(async () => {
    servers = await startLlamaServers(program!);
  });
  afterAll(() => servers?.close());

  const scene = z.strictObject({ kind: z.enum(["photo", "document"]), people: z.boolean() });
  const request: ModelRequest = {
    prompt: "What is on the picture?",
    images: [WHITE_PIXEL],
    maxTokens: 60,
    temperature: 0,
    schema: { name: "scene", schema: z.toJSONSchema(scene) },
  };
  const model = () =>
    openModel("llamacpp", { baseUrl: servers.seeing, apiKey: "right", model: "tiny-random", transport, clock: systemClock });

  test("says what it is: version, whether it sees, the context it was started with", async () => {
    const look = (baseUrl: string) => inspectServer("llamacpp", { baseUrl, apiKey: "right", transport, clock: systemClock });
    const facts = { contextInUse: LLAMA_CONTEXT };
    expect(await look(servers.seeing)).toEqual({
      version: expect.stringMatching(/^b\d+/) as string,
      models: [expect.objectContaining({ ...facts, vision: true })],
    });
    expect(await look(servers.blind)).toMatchObject({ models: [{ ...facts, vision: false }] });
  });

  test("counts each picture's tokens", async () => {
    const inputTokens = async (count: number) => {
      const { usage } = await model().ask({ ...request, maxTokens: 1, images: Array.from({ length: count }, () => WHITE_PIXEL) });
      return usage?.inputTokens ?? 0;
    };
    const [none, one, two] = [await inputTokens(0), await inputTokens(1), await inputTokens(2)];
    expect(one - none).toBeGreaterThan(3);
    expect(two - one).toBe(one - none);
  });

  test("without a projector it still answers about text", async () => {
    const blind = openModel("llamacpp", { baseUrl: servers.blind, model: "tiny-random", transport, clock: systemClock });
    expect(parseJsonAnswer((await blind.ask({ ...request, images: [] })).text, scene)).toBeDefined();
  });

  test("a question that is cancelled in mid-answer leaves it free for the next", async () => {
    const controller = new AbortController();
    const reason = new Error("the user left");
    const asking = model().ask(request, { signal: controller.signal, onText: () => controller.abort(reason) });
    await expect(asking).rejects.toBe(reason);
    expect((await model().ask({ ...request, maxTokens: 1 })).usage?.outputTokens).toBe(1);
  });
});
