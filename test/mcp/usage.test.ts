import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { usageSchema } from "@sightline/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStandInModel, type StandInModel } from "../model/stand-in-server.ts";
import { connect, ERAS, SAMPLES, type CallResult, type Connection, jobEnd } from "./connect.ts";

const USAGE = "io.github.sightline/usage";
const coffee = path.join(SAMPLES, "coffee.png");
const QUESTION = { images: [coffee], question: "What is in the cup?" };

let cache: string;
let model: StandInModel;
beforeAll(async () => {
  cache = await mkdtemp(path.join(tmpdir(), "sightline-usage-"));
  model = await startStandInModel();
});
afterAll(async () => {
  await model.close();
  await rm(cache, { recursive: true, force: true });
});

function withModel({ baseUrl, model: name }: StandInModel, era = ERAS[0], flags: readonly string[] = []): Promise<Connection> {
  const args = ["--backend", "openai-compatible", "--base-url", baseUrl, "--model", name, "--allow", SAMPLES, ...flags];
  return connect({ era, args, env: { XDG_CACHE_HOME: cache } });
}

const usageOf = ({ meta }: CallResult) => usageSchema.strict().parse(meta[USAGE]);

describe.each(ERAS)("what a call took, %s", (era) => {
  it("stands in its result's metadata: requests, tokens, who was asked and who answered", async () => {
    const server = await withModel(model, era);
    const result = await server.call("ask_image", QUESTION);
    await server.close();
    expect(result.isError, result.text).toBe(false);
    const { input_tokens: input, output_tokens: output, ...usage } = usageOf(result);
    expect(usage).toEqual({ calls: 1, models: [model.model], servers: [model.baseUrl] });
    expect(Math.min(input, output)).toBeGreaterThan(0);
    expect(JSON.stringify(result.data) + result.text).not.toContain("tokens");
  });
});

describe("what a call took", () => {
  it("is nothing where the machine's own eyes answer, and where an answer was kept", async () => {
    const alone = await connect();
    expect(usageOf(await alone.call("describe_image", { image: coffee }))).toEqual({
      calls: 0,
      input_tokens: 0,
      output_tokens: 0,
      models: [],
      servers: [],
    });
    await alone.close();
    const server = await withModel(model);
    const [first, again] = [await server.call("ask_image", QUESTION), await server.call("ask_image", QUESTION)];
    await server.close();
    expect([usageOf(first).calls, usageOf(again).calls]).toEqual([1, 0]);
  });

  it("counts a question that had to be put again", async () => {
    const hesitant = await startStandInModel({ mode: ["non-answer", "answer"] });
    const server = await withModel(hesitant);
    const usage = usageOf(await server.call("ask_image", QUESTION));
    await server.close();
    await hesitant.close();
    expect(usage).toMatchObject({ calls: 2, models: [hesitant.model] });
  });

  it("comes with a failure too, as it is answered and as a job", async () => {
    const unwilling = await startStandInModel({ mode: "non-answer" });
    const [server, slow] = await Promise.all([withModel(unwilling), withModel(unwilling, ERAS[0], ["--answer-within", "0.001"])]);
    const failed = await server.call("ask_image", QUESTION);
    const asked = unwilling.requests.length;
    const begun = await slow.call("ask_image", QUESTION);
    const job = await slow.call("get_job", { job_id: begun.data.job_id });
    await Promise.all([server.close(), slow.close()]);
    await unwilling.close();
    expect(failed.isError, failed.text).toBe(true);
    expect(asked).toBeGreaterThan(0);
    expect(usageOf(failed)).toMatchObject({ calls: asked, servers: [unwilling.baseUrl] });
    expect(job.data, job.text).toMatchObject({ status: "failed" });
    expect(usageOf(job)).toEqual(usageOf(failed));
  });

  it("comes with the result of a job, whichever server hands it over", async () => {
    const server = await withModel(model, ERAS[0], ["--answer-within", "0.001"]);
    const begun = await server.call("ask_image", { ...QUESTION, question: "Is it a job?" });
    expect(begun.meta[USAGE]).toBeUndefined();
    const done = await jobEnd(server, begun.data.job_id);
    const beside = await connect({ env: { XDG_CACHE_HOME: cache } });
    const later = await beside.call("get_job", { job_id: begun.data.job_id });
    await Promise.all([server.close(), beside.close()]);
    expect(done.data, done.text).toMatchObject({ status: "done", result: { answer: expect.stringContaining("Is it a job?") } });
    expect(usageOf(done)).toMatchObject({ calls: 1, servers: [model.baseUrl] });
    expect(usageOf(later)).toEqual(usageOf(done));
  });

  it("is not said by what asks no model: looking at a list", async () => {
    const server = await connect();
    expect((await server.call("list_images", {})).meta[USAGE]).toBeUndefined();
    await server.close();
  });
});
