import { build } from "esbuild";
import { once } from "node:events";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { presets } from "@sightline/core";
import { createFastClock } from "../../../test/model/fast-clock.ts";
import { createHost, type Host } from "./host.ts";
import { loadSettings } from "./settings/index.ts";
import { renderStatus, statusSchema } from "./status.ts";

let root: string;
let server: Server;
let address: string;
/** Where nothing listens. */
let nowhere: string;
/** How the server answers the next requests. */
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const asked: IncomingMessage[] = [];
const hosts: Host[] = [];

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "sightline-host-")));
  server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeAll(async () => {
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  nowhere = `127.0.0.1:${(closed.address() as AddressInfo).port}`;
  closed.close();
  await once(closed, "close");
});
afterEach(async () => {
  asked.length = 0;
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(root, { recursive: true, force: true });
});

/** A host by these variables alone. Nothing of the machine's own set-up comes in; an Ollama is looked for at `ollama`, all other servers where nothing listens. */
async function hostBy(variables: Record<string, string>, ollama = nowhere): Promise<Host> {
  const env = { XDG_CONFIG_HOME: root, XDG_CACHE_HOME: join(root, "cache"), OLLAMA_HOST: ollama, ...variables };
  const others = presets
    .filter(({ name, baseUrl }) => name !== "ollama" && baseUrl !== undefined)
    .map(({ name }) => [name, `http://${nowhere}`]);
  const host = createHost(await loadSettings({ env }), { env, addresses: Object.fromEntries(others) });
  hosts.push(host);
  return host;
}

const json =
  (body: unknown, status = 200) =>
  (_: IncomingMessage, response: ServerResponse) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
const models = (...ids: string[]) => json({ object: "list", data: ids.map((id) => ({ id, object: "model" })) });
const ollamaWith =
  (...names: string[]) =>
  (request: IncomingMessage, response: ServerResponse) => {
    const bodies: Record<string, unknown> = {
      "/api/version": { version: "0.30.2" },
      "/api/tags": {
        models: names.map((name) => ({
          name,
          size: 1,
          capabilities: name.startsWith("llama3.2:") ? ["completion"] : ["completion", "vision"],
        })),
      },
      "/v1/models": { data: names.map((id) => ({ id })) },
    };
    const body = bodies[request.url ?? ""];
    json(body ?? { error: { message: "model failed to load" } }, body === undefined ? 400 : 200)(request, response);
  };
const QUESTION = { prompt: "What is this?", images: [], maxTokens: 10, temperature: 0 };
const call = { signal: new AbortController().signal };

describe("createHost", () => {
  it("loads no heavy library before it is used: none is imported but on demand", async () => {
    const { metafile } = await build({
      entryPoints: [fileURLToPath(new URL("./index.ts", import.meta.url))],
      bundle: true,
      write: false,
      metafile: true,
      platform: "node",
      format: "esm",
      conditions: ["source"],
      plugins: [
        {
          name: "leave-out-what-comes-later",
          setup: ({ onResolve }) => onResolve({ filter: /./ }, ({ kind }) => (kind === "dynamic-import" ? { external: true } : undefined)),
        },
      ],
    });
    const atOnce = Object.keys(metafile.inputs);
    const heavy = atOnce.filter((path) =>
      /node_modules\/(?:@img|sharp|onnxruntime[^/]*|undici|openai|file-type|heic-decode|libheif-js|bmp-js|lru-cache|p-limit)\//.test(path),
    );
    expect(heavy).toEqual([]);
    // It did follow the imports: the pool and a library are among what is loaded at once.
    expect(atOnce.filter((path) => path.endsWith("worker/pool.ts") || path.endsWith("/zod/index.js"))).toHaveLength(2);
  });

  it("gives a task all it needs, and no model with backend none", async () => {
    await writeFile(join(root, "a.png"), "not a picture");
    const context = await (
      await hostBy({ SIGHTLINE_BACKEND: "none", SIGHTLINE_BASE_URL: address, SIGHTLINE_MODEL: "m", SIGHTLINE_ALLOW: root })
    ).context(call);
    expect(context.model).toBeUndefined();
    await expect(context.input.read("a.png", { accept: ["image"] })).rejects.toMatchObject({
      kind: "InputError",
      message: expect.stringContaining("is text"),
    });
    expect(await context.store.save({ bytes: new Uint8Array(1), name: "x.json", mediaType: "application/json" })).toContain(
      join(root, "cache", "sightline", "results"),
    );
    expect(asked).toEqual([]);
  });

  it("asks the model server that is set, with its key", async () => {
    answer = json({ error: { message: "no" } }, 400);
    const { model } = await (
      await hostBy({ SIGHTLINE_BASE_URL: `${address}/v1`, SIGHTLINE_MODEL: "eyes", SIGHTLINE_API_KEY: "k-123", SIGHTLINE_MAX_IMAGES: "3" })
    ).context(call);
    expect(model).toMatchObject({ id: "eyes", abilities: { maxImages: 3 } });
    await expect(model?.ask(QUESTION)).rejects.toMatchObject({ kind: expect.stringMatching(/Error$/) });
    expect(asked[0]?.headers.authorization).toBe("Bearer k-123");
  });

  it("finds a local Ollama, and keeps the key of another server from it", async () => {
    answer = ollamaWith("llama3.2:3b", "qwen3-vl:8b");
    const { model } = await (await hostBy({ SIGHTLINE_API_KEY: "k-123" }, address)).context(call);
    expect(model).toMatchObject({ id: "qwen3-vl:8b" });
    await expect(model?.ask(QUESTION)).rejects.toMatchObject({ kind: expect.stringMatching(/Error$/) });
    expect(asked.map(({ url }) => url)).toContain("/api/chat");
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(asked.map(() => undefined));
  });

  it.each<[string, Record<string, string>, RegExp, RegExp]>([
    ["a backend without a server", { SIGHTLINE_BACKEND: "openai-compatible" }, /no model server/, /SIGHTLINE_BASE_URL/],
    ["a model without a server", { SIGHTLINE_MODEL: "eyes" }, /none answers on this machine/, /SIGHTLINE_BASE_URL/],
  ])("says what to set when the settings name %s, and only when it is asked", async (_, env, message, hint) => {
    const { model } = await (await hostBy(env)).context(call);
    await expect(model?.ask(QUESTION)).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });
});

describe("status", () => {
  const statusBy = async (variables: Record<string, string>, ollama?: string) =>
    statusSchema.parse(await (await hostBy(variables, ollama)).status());
  const withServer = { SIGHTLINE_MODEL: "eyes", SIGHTLINE_ALLOW: "/nope-nope" };

  it("tells folders, settings and their sources, and never a key", async () => {
    answer = models("eyes");
    const status = await statusBy({
      ...withServer,
      SIGHTLINE_BASE_URL: `${address}/v1`,
      SIGHTLINE_API_KEY: "k-123",
      SIGHTLINE_ALLOW: [root, "/nope-nope"].join(":"),
    });
    expect(status).toMatchObject({
      model: { name: "eyes", server: `${address}/v1`, backend: "openai-compatible", found_by: "settings", ready: true },
      allowed_folders: [
        { path: root, readable: true },
        { path: "/nope-nope", readable: false, problem: "does not exist" },
      ],
      results_folder: join(root, "cache", "sightline", "results"),
      settings: expect.arrayContaining([{ name: "apiKey", source: "SIGHTLINE_API_KEY" }]),
      missing: expect.arrayContaining([{ what: "allowed folder /nope-nope does not exist", command: expect.stringContaining("--allow") }]),
    });
    expect(asked[0]).toMatchObject({ url: "/v1/models", headers: { authorization: "Bearer k-123" } });
    const words = renderStatus(status);
    expect(words).toContain(`eyes at ${address}/v1 (openai-compatible; SIGHTLINE_BASE_URL says so), ready`);
    expect(words).toContain(`Pictures stay on this machine: the model server is ${new URL(address).host}.`);
    expect(words + JSON.stringify(status)).not.toContain("k-123");
  });

  it.each<[string, () => void, RegExp, RegExp]>([
    ["another model", () => (answer = models("ears", "nose")), /has no model eyes/, /ears, nose/],
    ["a locked door", () => (answer = json({ error: "no" }, 401)), /wants an API key and none is set/, /SIGHTLINE_API_KEY/],
    ["a broken server", () => (answer = json({ error: "no" }, 500)), /HTTP 500/, /log/],
    ["no HTTP at all", () => (answer = (request) => request.socket.end("hello")), /does not speak HTTP|was lost/, /./],
  ])("tells %s and what mends it", async (_, set, problem, mend) => {
    set();
    const status = await statusBy({ ...withServer, SIGHTLINE_BASE_URL: `${address}/v1` });
    expect(status.model).toMatchObject({ ready: false });
    expect(status.missing[0]).toEqual({ what: expect.stringMatching(problem), command: expect.stringMatching(mend) });
    expect(renderStatus(status)).toMatch(problem);
  });

  it("counts Ollama's :latest and a server without a list as ready", async () => {
    answer = models("eyes:latest");
    expect((await statusBy({ ...withServer, SIGHTLINE_BASE_URL: address })).model).toMatchObject({ ready: true });
    answer = json({ error: "not found" }, 404);
    expect((await statusBy({ ...withServer, SIGHTLINE_BASE_URL: address })).model).toMatchObject({ ready: true });
  });

  it("tells a server that is not there", async () => {
    const status = await statusBy({ ...withServer, SIGHTLINE_BASE_URL: `http://${nowhere}/v1` });
    expect(status.missing[0]).toMatchObject({ what: expect.stringContaining(`No model server answers at http://${nowhere}/v1`) });
  });

  it("tells what an Ollama has, or lacks", async () => {
    answer = ollamaWith("gemma4:latest");
    expect((await statusBy({}, address)).model).toMatchObject({
      name: "gemma4:latest",
      found_by: "detection",
      ready: true,
      server: address,
    });
    answer = ollamaWith("llama3.2:3b");
    const without = await statusBy({}, address);
    expect(without.model).toMatchObject({ found_by: "detection", ready: false, models: [{ name: "llama3.2:3b", sees: false }] });
    expect(without.missing[0]).toMatchObject({ command: expect.stringContaining("ollama pull") });
    answer = ollamaWith("gemma4:latest");
    expect((await statusBy({ SIGHTLINE_MODEL: "eyes" }, address)).missing[0]).toMatchObject({
      what: expect.stringMatching(/eyes is set.*none that was found has it/),
    });
  });

  it("says how to get a model and a folder when there is neither, and asks for no model with backend none", async () => {
    const status = await statusBy({});
    expect(status).not.toHaveProperty("model");
    const notWeights = ({ missing }: typeof status) => missing.filter(({ what }) => !what.startsWith("weights"));
    expect(notWeights(status).map(({ command }) => command)).toEqual([
      expect.stringContaining("ollama pull"),
      expect.stringContaining("--allow DIR"),
    ]);
    expect(renderStatus(status)).toContain("Allowed folders: none");
    expect(notWeights(await statusBy({ SIGHTLINE_BACKEND: "none", SIGHTLINE_ALLOW: root }))).toEqual([]);
  });
});

describe("diagnose", () => {
  /** A chat server that lists these models and answers so. */
  const chatting =
    (chat: (request: IncomingMessage, response: ServerResponse) => void, ...ids: string[]) =>
    (request: IncomingMessage, response: ServerResponse) =>
      request.url === "/v1/chat/completions" ? chat(request, response) : models(...ids)(request, response);
  const saying = (content: string, finish = "stop") =>
    json({ model: "eyes", choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: finish }] });
  const set = { SIGHTLINE_MODEL: "eyes", SIGHTLINE_ALLOW: "/" };
  const diagnosis = async (variables: Record<string, string> = {}) =>
    statusSchema.parse(await (await hostBy({ ...set, SIGHTLINE_BASE_URL: `${address}/v1`, ...variables })).diagnose());

  it("asks about a tiny picture; a status does not", async () => {
    answer = chatting(saying("Red and\n blue."), "eyes");
    const status = await diagnosis();
    expect(status.model).toMatchObject({ ready: true, probe: { ok: true, answer: "Red and blue." } });
    expect(renderStatus(status)).toContain('asked about a tiny picture: "Red and blue."');
    expect(asked.map(({ url }) => url)).toEqual(["/v1/models", "/v1/chat/completions"]);
    asked.length = 0;
    await (await hostBy({ ...set, SIGHTLINE_BASE_URL: `${address}/v1` })).status();
    expect(asked.map(({ url }) => url)).toEqual(["/v1/models"]);
  });

  it.each<[string, (request: IncomingMessage, response: ServerResponse) => void, RegExp, RegExp]>([
    ["a refusal", saying("I'm sorry, but I can't view images."), /says that the picture cannot be seen/, /--model/],
    ["no words", saying(""), /is empty/, /--model/],
    [
      "an error",
      json({ error: { code: 500, message: "image input is not supported - hint: you may need to provide the mmproj" } }, 500),
      /./,
      /mmproj/,
    ],
  ])("tells %s and what mends it", async (_, chat, what, command) => {
    answer = chatting(chat, "eyes");
    const status = await diagnosis();
    expect(status.model).toMatchObject({ ready: false, probe: { ok: false } });
    expect(status.missing[0]).toEqual({ what: expect.stringMatching(what), command: expect.stringMatching(command) });
  });

  it("takes rambling for eyesight", async () => {
    answer = chatting(saying("The picture shows red and", "length"), "eyes");
    expect((await diagnosis()).model).toMatchObject({ ready: true, probe: { ok: true } });
  });

  it("waits half a minute and asks whether the model still loads", async () => {
    answer = chatting(() => {}, "eyes");
    const env = { ...set, XDG_CONFIG_HOME: root, XDG_CACHE_HOME: join(root, "cache"), SIGHTLINE_BASE_URL: `${address}/v1` };
    const clock = createFastClock();
    const host = createHost(await loadSettings({ env }), { env, clock });
    hosts.push(host);
    const waits: string[] = [];
    const diagnosing = host.diagnose({ progress: (message) => waits.push(message) });
    await expect.poll(() => asked.length).toBe(2);
    await clock.asleep(30_000);
    await clock.advance(30_000);
    const { model, missing } = await diagnosing;
    expect(model).toMatchObject({ ready: false, probe: { ok: false, seconds: 30 } });
    expect(missing[0]).toMatchObject({
      what: expect.stringMatching(/within 30 s: is it still loading\?/),
      command: expect.stringContaining("sightline status"),
    });
    expect(waits.join()).toContain("loaded");
  });

  it.each<[string, Record<string, string>, string, RegExp]>([
    [
      "an Ollama that does not run",
      { SIGHTLINE_BACKEND: "ollama", SIGHTLINE_MODEL: "gemma4" },
      "http://NOWHERE",
      /`ollama serve`.*ollama\.com\/download.*`ollama pull gemma4`/,
    ],
    [
      "a vLLM that does not run",
      { SIGHTLINE_BACKEND: "vllm", SIGHTLINE_MODEL: "Qwen/Qwen3-VL-8B-Instruct" },
      "http://NOWHERE/v1",
      /`vllm serve Qwen/,
    ],
    [
      "a vLLM for Llama 3.2 Vision",
      { SIGHTLINE_BACKEND: "vllm", SIGHTLINE_MODEL: "meta-llama/Llama-3.2-11B-Vision-Instruct" },
      "http://NOWHERE/v1",
      /`pip install "vllm==0\.10\.2"`, then `vllm serve meta-llama\/Llama-3\.2-11B-Vision-Instruct --limit-mm-per-prompt '\{"image":1\}'`/,
    ],
    ["a llama-server that does not run", { SIGHTLINE_BACKEND: "llamacpp" }, "http://NOWHERE/v1", /`llama-server -m MODEL\.gguf --mmproj/],
  ])("says how to start %s", async (_, variables, url, command) => {
    const status = await diagnosis({ SIGHTLINE_MODEL: "", ...variables, SIGHTLINE_BASE_URL: url.replace("NOWHERE", nowhere) });
    expect(status.model).toMatchObject({ ready: false });
    expect(status.missing[0]).toMatchObject({
      what: expect.stringMatching(/No model server answers/),
      command: expect.stringMatching(command),
    });
  });

  it("says what to pull, and that Llama 3.2 Vision cannot be loaded and where it can", async () => {
    answer = ollamaWith("llama3.2-vision:latest");
    const env = { SIGHTLINE_BACKEND: "ollama", SIGHTLINE_BASE_URL: address };
    expect((await diagnosis({ ...env, SIGHTLINE_MODEL: "qwen3-vl:8b" })).missing[0]).toMatchObject({
      command: expect.stringMatching(/^Run `ollama pull qwen3-vl:8b`\./),
    });
    const { missing } = await diagnosis({ ...env, SIGHTLINE_MODEL: "llama3.2-vision" });
    expect(missing[0]).toMatchObject({
      what: expect.stringContaining("Ollama 0.30.2 cannot load llama3.2-vision"),
      command: expect.stringMatching(/ollama pull qwen3-vl:8b.*vllm==0\.10\.2.*NVIDIA_API_KEY/),
    });
    expect(asked.map(({ url }) => url)).not.toContain("/api/chat");
  });

  it("says where a key goes that is missing, before anything is asked of the model", async () => {
    answer = models("eyes");
    const { missing } = await diagnosis({ SIGHTLINE_BACKEND: "openrouter" });
    expect(missing[0]).toEqual({ what: "a key for OpenRouter", command: "Put its key into OPENROUTER_API_KEY or SIGHTLINE_API_KEY." });
  });
});

describe("trust", () => {
  const NVIDIA = { NVIDIA_API_KEY: "nv-secret", SIGHTLINE_BACKEND: "nvidia", SIGHTLINE_MODEL: "meta/llama-3.2-11b-vision-instruct" };

  it("says where pictures go, and why; with --local-only what is refused, and nothing is sent", async () => {
    const env = { XDG_CONFIG_HOME: root, XDG_CACHE_HOME: join(root, "cache"), ...NVIDIA };
    // Its real address, and nobody asked: the server is refused before a connection.
    const host = createHost(await loadSettings({ env: { ...env, SIGHTLINE_LOCAL_ONLY: "1" } }), { env });
    hosts.push(host);
    const status = await host.diagnose();
    expect(status.pictures).toMatchObject({ where: "elsewhere", to: "integrate.api.nvidia.com", refused: true });
    expect(renderStatus(status)).toContain("Pictures go nowhere: --local-only refuses integrate.api.nvidia.com (elsewhere).");
    expect(status.missing[0]).toMatchObject({ what: expect.stringContaining("--local-only is set") });
  });

  it("an Ollama may pass pictures on: that is where they go, and --local-only refuses it", async () => {
    answer = (request, response) => {
      const model = { name: "qwen3-vl:235b-cloud", capabilities: ["completion", "vision"], remote_host: "https://ollama.com:443" };
      json(request.url === "/api/tags" ? { models: [model] } : { version: "0.31.2", models: [] })(request, response);
    };
    const env = { SIGHTLINE_BACKEND: "ollama", SIGHTLINE_BASE_URL: address, SIGHTLINE_MODEL: "qwen3-vl:235b-cloud" };
    const { pictures } = await (await hostBy(env)).status();
    expect(pictures).toEqual({ where: "elsewhere", to: "ollama.com", because: "SIGHTLINE_BACKEND says so" });
    const refused = await (await hostBy({ ...env, SIGHTLINE_LOCAL_ONLY: "true" })).status();
    expect(refused.pictures).toMatchObject({ to: "ollama.com", refused: true });
  });

  it("keys never show: not in a status, an error or a model, whatever the server repeats", async () => {
    answer = (request, response) =>
      json({ error: { message: `Incorrect API key provided: ${request.headers.authorization}` } }, 401)(request, response);
    const outputs: unknown[] = [];
    for (const variables of [{ SIGHTLINE_API_KEY: "nv-secret" }, { SIGHTLINE_BACKEND: "groq", GROQ_API_KEY: "nv-secret" }]) {
      for (const model of [{}, { SIGHTLINE_MODEL: "eyes" }]) {
        const host = await hostBy({ ...variables, ...model, SIGHTLINE_BASE_URL: `${address}/v1` });
        const [status, diagnosed, context] = await Promise.all([host.status(), host.diagnose(), host.context(call)]);
        const failure: unknown = await context.model?.ask(QUESTION).catch((error: unknown) => error);
        outputs.push(
          status,
          renderStatus(status),
          diagnosed,
          renderStatus(diagnosed),
          context.model,
          inspect(failure, { depth: 20, showHidden: true }),
        );
      }
    }
    expect(asked.map(({ headers }) => headers.authorization)).toContain("Bearer nv-secret");
    expect(inspect(outputs, { depth: 20 })).not.toContain("nv-secret");
  });
});

describe("while the server is still asked what it has", () => {
  const silent = { SIGHTLINE_BACKEND: "vllm" };

  it("a call that is cancelled is gone at once, and the others go on waiting", async () => {
    const held: ServerResponse[] = [];
    answer = (_, response) => void held.push(response);
    const host = await hostBy({ ...silent, SIGHTLINE_BASE_URL: `${address}/v1` });
    const cancel = new AbortController();
    const [cancelled, other] = [host.context({ signal: cancel.signal }), host.context(call)];
    await expect.poll(() => held.length).toBe(2);
    const reason = new Error("the user left");
    cancel.abort(reason);
    await expect(cancelled).rejects.toBe(reason);
    for (const response of held) response.end(JSON.stringify({ data: [{ id: "eyes" }] }));
    expect((await other).model).toMatchObject({ id: "eyes" });
  });

  it("closing the host ends the request", async () => {
    const ended: Promise<unknown>[] = [];
    answer = (_, response) => void ended.push(once(response, "close"));
    const host = await hostBy({ ...silent, SIGHTLINE_BASE_URL: `${address}/v1` });
    const context = host.context(call).catch((error: unknown) => error);
    await expect.poll(() => ended.length).toBe(2);
    await host.close();
    expect(await context).toBeInstanceOf(Error);
    await Promise.all(ended);
  });
});

describe("answers on disk", () => {
  it("are kept with --cache, counted, and cleared", async () => {
    const cached = await hostBy({ SIGHTLINE_BACKEND: "none", SIGHTLINE_CACHE: "true" });
    const { answers } = await cached.context(call);
    await answers?.keep({ backend: "b", server: "s", model: "m", prompt: "p", images: [], settings: "{}" }, "an answer");
    const status = await cached.status();
    expect(status.answers).toMatchObject({ entries: 1, in_use: true, folder: join(root, "cache", "sightline", "answers") });
    expect(renderStatus(status)).toContain(`Answers kept: 1 answer, ${status.answers.bytes} bytes`);

    const without = await hostBy({ SIGHTLINE_BACKEND: "none" });
    expect(renderStatus(await without.status())).toContain("--clear-cache removes them");
    expect(await without.clearAnswers()).toMatchObject({ entries: 1 });
    expect((await cached.status()).answers).toMatchObject({ entries: 0, bytes: 0 });
  });

  it("are in memory without it", async () => {
    const host = await hostBy({ SIGHTLINE_BACKEND: "none" });
    const question = { backend: "b", server: "s", model: "m", prompt: "p", images: [], settings: "{}" };
    await (await host.context(call)).answers?.keep(question, "an answer");
    expect(await (await host.context(call)).answers?.find(question)).toBe("an answer");
    expect((await host.status()).answers).toMatchObject({ entries: 0, in_use: false });
  });
});
