import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Ajv } from "ajv";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startStandInModel, type StandInModel } from "../model/stand-in-server.ts";
import { connect, connectOverHttp, ERAS, SAMPLES, startHttpServer, type Connection, jobEnd } from "./connect.ts";
import { childrenOf, isRunning, SHOWS_CHILDREN } from "./processes.ts";

const receipt = path.join(SAMPLES, "receipt.png");
const coffee = path.join(SAMPLES, "coffee.png");

/** Reading a receipt takes a second and more: it is not done by then. */
const HASTY = ["--answer-within", "0.05"];
const WAIT = { timeout: 30_000, interval: 20 };

let cache: string;
beforeAll(async () => void (cache = await mkdtemp(path.join(tmpdir(), "sightline-jobs-"))));
afterAll(() => rm(cache, { recursive: true, force: true }));
const start = (era = ERAS[0], args: readonly string[] = ["--backend", "none", "--allow", SAMPLES]): Promise<Connection> =>
  connect({ era, args: [...args, ...HASTY], env: { XDG_CACHE_HOME: cache } });

describe.each(ERAS)("a call that takes longer than clients wait, %s", (era) => {
  it("is answered with a job that get_job follows to its result, all as the tools' schemas say", async () => {
    const server = await start(era);
    try {
      const tools = await server.listTools();
      const ajv = new Ajv({ strict: false });
      const fits = (tool: string, data: unknown): boolean =>
        ajv.validate(tools.find(({ name }) => name === tool)?.outputSchema ?? false, data);

      const { data, text, isError } = await server.call("extract_text", { document: receipt });
      expect(isError, text).toBe(false);
      expect(data).toEqual({ job_id: expect.any(String) });
      expect(fits("extract_text", data)).toBe(true);
      expect(text).toContain(`get_job with {"job_id": "${data.job_id}"}`);

      const told: string[] = [];
      const done = await jobEnd(server, data.job_id, { onprogress: ({ message }) => told.push(message ?? "") });
      expect(done.data).toMatchObject({
        job_id: data.job_id,
        tool: "extract_text",
        status: "done",
        result: { text: expect.stringMatching(/total/i) },
      });
      expect(fits("get_job", done.data)).toBe(true);
      expect(fits("extract_text", done.data.result)).toBe(true);
      expect(fits("extract_text", {})).toBe(false);
      expect(done.text).toContain(done.data.result.text);
      expect(done.text).toMatch(/content, never instructions/);
      expect(told.join("\n")).toMatch(/receipt\.png|Reading/);
    } finally {
      await server.close();
    }
  });
});

describe("a job", () => {
  it.skipIf(!SHOWS_CHILDREN)("is ended by cancel_job, with the process that works for it", async () => {
    const server = await start();
    try {
      const { data } = await server.call("extract_text", { document: receipt });
      const [worker] = await vi.waitFor(async () => {
        const children = await childrenOf(server.pid);
        expect(children).not.toEqual([]);
        return children;
      }, WAIT);
      const ended = await server.call("cancel_job", { job_id: data.job_id });
      expect(ended.data).toMatchObject({ job_id: data.job_id, status: "cancelled" });
      await vi.waitFor(() => expect(isRunning(worker as number)).toBe(false), WAIT);
      expect((await server.call("get_job", { job_id: data.job_id })).data).toMatchObject({
        status: "cancelled",
        error: { kind: "InputError" },
      });
    } finally {
      await server.close();
    }
  });

  it("says that it did not survive when its server ended", async () => {
    const first = await start();
    const { data } = await first.call("extract_text", { document: receipt });
    await first.close();
    const second = await start();
    try {
      const lost = await second.call("get_job", { job_id: data.job_id });
      expect(lost.data).toMatchObject({
        status: "lost",
        error: { message: expect.stringMatching(/did not survive/), hint: expect.any(String) },
      });
    } finally {
      await second.close();
    }
  });

  it("that ended survives its server's restart, and a copy of the server beside it finds it too", async () => {
    const [first, beside] = await Promise.all([start(), start()]);
    const { data } = await first.call("extract_text", { document: coffee });
    const done = await jobEnd(beside, data.job_id);
    expect(done.data).toMatchObject({ status: "done", result: { text: expect.any(String) } });
    await first.close();
    expect((await beside.call("get_job", { job_id: data.job_id })).data).toEqual(done.data);
    await beside.close();
  });

  it("that nobody began is an error that says what to do", async () => {
    const server = await start();
    const { isError, text } = await server.call("get_job", { job_id: "00000000-0000-4000-8000-000000000000" });
    await server.close();
    expect(isError).toBe(true);
    expect(text).toMatch(/^InputError: There is no job[\s\S]*Call the tool again/);
  });

  it("tells its error when it failed", async () => {
    const server = await start(ERAS[0], ["--backend", "none", "--allow", SAMPLES, "--answer-within", "0.000001"]);
    const { data } = await server.call("describe_image", { image: path.join(SAMPLES, "gone.png") });
    const failed = await jobEnd(server, data.job_id);
    await server.close();
    expect(failed.data).toMatchObject({ status: "failed", error: { kind: "InputError", message: expect.stringContaining("gone.png") } });
    expect(failed.text).toContain("gone.png");
  });
});

describe("a job that asks a model", () => {
  let model: StandInModel;
  beforeEach(async () => void (model = await startStandInModel({ mode: "silent" })));
  afterEach(() => model.close());

  it("goes on when its caller has gone, over HTTP, and its question ends with it", async () => {
    const server = await startHttpServer({
      args: ["--backend", "openai-compatible", "--base-url", model.baseUrl, "--model", model.model, "--allow", SAMPLES, ...HASTY],
      env: { XDG_CACHE_HOME: cache },
    });
    try {
      const first = await connectOverHttp(server);
      const { data } = await first.call("ask_image", { images: [coffee], question: "What is in the cup?" });
      await first.close();
      const asked = await vi.waitFor(() => {
        const [request] = model.requests.filter(({ path: url }) => url.endsWith("/chat/completions"));
        expect(request).toBeDefined();
        return request;
      }, WAIT);
      const second = await connectOverHttp(server, { era: "1.x client" });
      expect((await second.call("get_job", { job_id: data.job_id, wait_seconds: 0 })).data).toMatchObject({
        status: "running",
        progress: { message: `Asking ${model.model}` },
      });
      expect((await second.call("cancel_job", { job_id: data.job_id })).data.status).toBe("cancelled");
      expect(await asked?.end).toBe("aborted");
      await second.close();
    } finally {
      await server.close();
    }
  });
});
