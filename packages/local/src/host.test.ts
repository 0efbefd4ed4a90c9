import { build } from "esbuild";
import { once } from "node:events";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { presets } from "@sightline/core";
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
