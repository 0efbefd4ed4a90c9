import { presets, type ModelRequest } from "@sightline/core";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { createFastClock } from "../../../../test/model/fast-clock.ts";
import {
  nowhere,
  ollamaRoutes,
  openAiList,
  refusing,
  startRoutes,
  type Routes,
  type StandInRoutes,
} from "../../../../test/model/stand-in-routes.ts";
import { loadSettings } from "../settings/index.ts";
import { chooseModel } from "./choose-model.ts";
import { systemClock } from "./clock.ts";
import { createModelTransport } from "./transport.ts";

let closed: string;
const servers: StandInRoutes[] = [];
beforeAll(async () => void (closed = await nowhere()));
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function serving(routes: Routes): Promise<StandInRoutes> {
  const server = await startRoutes(routes);
  servers.push(server);
  return server;
}

const transport = createModelTransport({ retries: 0 });
const LOCAL = presets.filter(({ local }) => local === true).map(({ name }) => name);

/** Chooses with these variables alone, while servers of these kinds are at these addresses and all others nowhere. */
async function choose(
  env: Record<string, string>,
  addresses: Record<string, string> = {},
  options: { clock?: typeof systemClock; signal?: AbortSignal } = {},
) {
  const places = { ...Object.fromEntries(presets.map(({ name }) => [name, closed])), ...addresses };
  const settings = await loadSettings({ env: { XDG_CONFIG_HOME: "/nowhere", ...env } });
  return chooseModel(settings, { env, transport, clock: options.clock ?? systemClock, addresses: places, signal: options.signal });
}

const question: ModelRequest = { prompt: "What is this?", images: [], maxTokens: 10, temperature: 0 };
const refusal = (
  model: { ask(request: ModelRequest): Promise<unknown> } | undefined,
): Promise<{ kind: string; message: string; hint: string }> =>
  model === undefined
    ? expect.fail("no model")
    : model.ask(question).then(
        () => expect.fail("answered"),
        (error: unknown) => error as { kind: string; message: string; hint: string },
      );
const keysSentTo = ({ requests }: StandInRoutes) => new Set(requests.map(({ headers }) => headers.authorization));

const sees = ["completion", "vision"];
const writes = ["completion", "tools"];
const withQwen = ollamaRoutes([
  { name: "llama3.2:3b", capabilities: writes },
  { name: "qwen3-vl:8b", capabilities: sees },
]);

describe("a server that is named", () => {
  test("by its kind: at its usual address, under its own variable's key, and nothing is asked where the model is named too", async () => {
    const vendor = await serving(openAiList("claude-sonnet-5"));
    const env = {
      SIGHTLINE_BACKEND: "anthropic",
      SIGHTLINE_MODEL: "claude-sonnet-5",
      ANTHROPIC_API_KEY: "vendor-key",
      OPENAI_API_KEY: "other",
    };
    const choice = await choose(env, { anthropic: `${vendor.url}/v1` });
    expect(choice).toMatchObject({ foundBy: "settings", because: "SIGHTLINE_BACKEND says so", hasKey: true });
    expect(choice?.model).toMatchObject({ id: "claude-sonnet-5", backend: "anthropic", server: `${vendor.url}/v1` });
    expect(vendor.requests).toEqual([]);
    await refusal(choice?.model);
    expect(keysSentTo(vendor)).toEqual(new Set(["Bearer vendor-key"]));
    expect(JSON.stringify(choice)).not.toContain("vendor-key");
  });

  test("SIGHTLINE_API_KEY goes before the variable", async () => {
    const vendor = await serving(openAiList("m"));
    await choose({ SIGHTLINE_BACKEND: "groq", SIGHTLINE_API_KEY: "ours", GROQ_API_KEY: "theirs" }, { groq: `${vendor.url}/v1` });
    expect(keysSentTo(vendor)).toEqual(new Set(["Bearer ours"]));
  });

  test("by its address alone: a stranger gets no key of the environment", async () => {
    const server = await serving(openAiList("eyes"));
    const keys = Object.fromEntries(presets.flatMap(({ keyVariables }) => keyVariables).map((variable) => [variable, "vendor-key"]));
    const choice = await choose({ ...keys, SIGHTLINE_BASE_URL: `${server.url}/v1` });
    expect(choice).toMatchObject({ preset: { name: "openai-compatible" }, because: "SIGHTLINE_BASE_URL says so", model: { id: "eyes" } });
    expect(keysSentTo(server)).toEqual(new Set([undefined]));
  });

  test.each([
    ["the only model, whatever it is", openAiList("meta-llama/Llama-3.2-11B-Vision-Instruct"), "meta-llama/Llama-3.2-11B-Vision-Instruct"],
    ["the best family of several", openAiList("gpt-4o", "llava-7b", "Qwen/Qwen3-VL-8B-Instruct", "text-only"), "Qwen/Qwen3-VL-8B-Instruct"],
    [
      "one that is said to see, though nobody knows it",
      openAiList("a", { id: "b", architecture: { input_modalities: ["text", "image"] } }),
      "b",
    ],
    ["another than those that only embed", openAiList({ id: "e", type: "embeddings" }, "eyes"), "eyes"],
  ])("chooses %s", async (_, routes, model) => {
    const server = await serving(routes);
    expect((await choose({ SIGHTLINE_BASE_URL: `${server.url}/v1` }))?.model).toMatchObject({ id: model });
  });

  test.each<[string, Routes, Record<string, string>, RegExp, RegExp]>([
    [
      "several unknown models",
      openAiList("a", "b"),
      {},
      /without a vision model that can be used without naming it/,
      /Name one that sees with --model .*a, b/,
    ],
    ["models that end soon", openAiList("gpt-4o", "gpt-4.1"), { SIGHTLINE_BACKEND: "openai" }, /without a vision model/, /--model/],
    [
      "Llama 3.2 Vision beside another",
      openAiList("meta/llama-3.2-90b-vision-instruct", "meta/llama-3.3-70b"),
      { SIGHTLINE_BACKEND: "nvidia" },
      /meta\/llama-3\.2-90b-vision-instruct \(/,
      /Name one that sees with --model/,
    ],
    [
      "a llama-server without its projector",
      { ...openAiList("gemma-4.gguf"), "/props": { modalities: { vision: false } } },
      { SIGHTLINE_BACKEND: "llamacpp" },
      /without a vision model/,
      /llama-server .*--mmproj/,
    ],
    ["no list", { "/v1/models": "hello" }, {}, /does not say which it has/, /Name one that sees with --model/],
    ["a locked door", { "/v1/models": refusing(401, { error: "who are you?" }) }, {}, /API key/, /SIGHTLINE_API_KEY/],
  ])("says what to set about %s, and only when it is asked", async (_, routes, env, message, hint) => {
    const server = await serving(routes);
    const choice = await choose({ SIGHTLINE_BASE_URL: `${server.url}/v1`, ...env });
    expect(await refusal(choice?.model)).toMatchObject({
      kind: "SetupError",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect(choice?.problem).toBeDefined();
  });

  test("one without a usual address wants one", async () => {
    const settings = await loadSettings({ env: { XDG_CONFIG_HOME: "/nowhere", SIGHTLINE_BACKEND: "nim", SIGHTLINE_MODEL: "m" } });
    const choice = await chooseModel(settings, { env: {}, transport, clock: systemClock });
    expect(await refusal(choice?.model)).toMatchObject({ kind: "SetupError", hint: expect.stringContaining("--base-url") });
  });

  test("Ollama: an installed text model goes beside the vision model that is named", async () => {
    const ollama = await serving(withQwen);
    const choice = await choose({ SIGHTLINE_BACKEND: "ollama", SIGHTLINE_MODEL: "qwen3-vl:8b" }, { ollama: ollama.url });
    expect(choice).toMatchObject({ model: { id: "qwen3-vl:8b" }, textModel: { id: "llama3.2:3b" } });
    const named = await choose({ SIGHTLINE_BACKEND: "ollama", SIGHTLINE_TEXT_MODEL: "mistral" }, { ollama: ollama.url });
    expect(named).toMatchObject({ model: { id: "qwen3-vl:8b" }, textModel: { id: "mistral" } });
  });

  test("a model that runs elsewhere is taken when it is named, and refused with --local-only", async () => {
    const ollama = await serving(
      ollamaRoutes([{ name: "qwen3-vl:235b-cloud", capabilities: sees, remote_host: "https://ollama.com:443" }]),
    );
    const env = { SIGHTLINE_BACKEND: "ollama", SIGHTLINE_MODEL: "qwen3-vl:235b-cloud" };
    expect((await choose(env, { ollama: ollama.url }))?.problem).toBeUndefined();
    const refused = await choose({ ...env, SIGHTLINE_LOCAL_ONLY: "1" }, { ollama: ollama.url });
    expect(await refusal(refused?.model)).toMatchObject({ kind: "SetupError", message: expect.stringContaining("https://ollama.com:443") });
  });

  test("passes on how the model is asked", async () => {
    const server = await serving({});
    const choice = await choose({
      SIGHTLINE_BASE_URL: `${server.url}/v1`,
      SIGHTLINE_MODEL: "eyes",
      SIGHTLINE_MAX_IMAGES: "3",
      SIGHTLINE_CONTEXT: "16384",
      SIGHTLINE_MAX_TOKENS: "512",
      SIGHTLINE_TEMPERATURE: "1",
      SIGHTLINE_TOP_P: "1",
      SIGHTLINE_STREAM: "false",
    });
    expect(choice?.model).toMatchObject({
      abilities: { maxImages: 3, contextTokens: 16_384 },
      parameters: { maxTokens: 512, temperature: 1, topP: 1, stream: false },
    });
  });

  test("a key that is none is refused without being shown", async () => {
    const failed = choose({ SIGHTLINE_BACKEND: "groq", GROQ_API_KEY: "two words" });
    await expect(failed).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringMatching(/^GROQ_API_KEY does not hold a key(?!.*two words)/),
    });
  });
});

describe("a server that nobody named", () => {
  test("none", async () => {
    expect(await choose({})).toBeUndefined();
    expect(await choose({ SIGHTLINE_BACKEND: "none", OPENAI_API_KEY: "k" })).toBeUndefined();
  });

  test("a key in the environment goes before what answers on this machine, and with --local-only it counts for nothing", async () => {
    const [vendor, ollama] = await Promise.all([serving(openAiList("gemini-2.5-flash", "gpt-5.1")), serving(withQwen)]);
    const addresses = { openai: `${vendor.url}/v1`, gemini: `${vendor.url}/v1`, ollama: ollama.url };
    const env = { OPENAI_API_KEY: "o-key", GEMINI_API_KEY: "g-key", SIGHTLINE_API_KEY: "for-another" };
    const choice = await choose(env, addresses);
    expect(choice).toMatchObject({ preset: { name: "openai" }, foundBy: "detection", because: "OPENAI_API_KEY is set" });
    expect(keysSentTo(vendor)).toEqual(new Set(["Bearer o-key", "Bearer g-key"]));
    const asked = vendor.requests.length;

    const local = await choose({ ...env, SIGHTLINE_LOCAL_ONLY: "yes" }, addresses);
    expect(local).toMatchObject({ preset: { name: "ollama" }, model: { id: "qwen3-vl:8b" }, textModel: { id: "llama3.2:3b" } });
    expect(vendor.requests).toHaveLength(asked);
    await refusal(local?.model);
    expect(keysSentTo(ollama)).toEqual(new Set([undefined]));
  });

  test("a vendor without a model that may be chosen is passed over; one that fails is not: its key says that it is meant", async () => {
    const [poor, ollama] = await Promise.all([serving(openAiList("gpt-4o", "gpt-4.1")), serving(withQwen)]);
    const addresses = { openai: `${poor.url}/v1`, ollama: ollama.url };
    expect((await choose({ OPENAI_API_KEY: "k" }, addresses))?.model).toMatchObject({ id: "qwen3-vl:8b" });
    const broken = await choose({ NVIDIA_API_KEY: "k" }, addresses);
    expect(broken).toMatchObject({ preset: { name: "nvidia" }, because: "NVIDIA_API_KEY is set" });
    expect(await refusal(broken?.model)).toMatchObject({
      kind: "SetupError",
      message: expect.stringContaining("No model server answers"),
      hint: expect.stringMatching(/NVIDIA API is asked because NVIDIA_API_KEY is set.*`--backend none`/),
    });
  });

  test.each(LOCAL.filter((name) => name !== "ollama"))("%s, where it usually is", async (name) => {
    const server = await serving(openAiList("qwen3-vl-8b"));
    const choice = await choose({}, { [name]: `${server.url}/v1` });
    expect(choice).toMatchObject({ preset: { name }, model: { id: "qwen3-vl-8b" }, because: `it answers at ${new URL(server.url).host}` });
  });

  test.each<[string, Routes]>([
    ["a web page", { "/v1/models": (_: unknown, response: { end(text: string): void }) => response.end("<h1>It works</h1>") }],
    ["another API", { "/v1/models": { items: [] } }],
    ["a list of nothing", openAiList()],
    ["an API that wants a login", { "/v1/models": refusing(401, {}) }],
    ["nothing at that path", {}],
  ])("never takes %s for one", async (_, routes) => {
    const server = await serving(routes);
    const everywhere = Object.fromEntries(LOCAL.map((name) => [name, name === "ollama" ? server.url : `${server.url}/v1`]));
    expect(await choose({}, everywhere)).toBeUndefined();
  });

  test("what takes a connection and says nothing is waited for half a second", async () => {
    const silent = await serving({ "/": () => {} });
    const clock = createFastClock();
    const choosing = choose({}, { vllm: `${silent.url}/v1` }, { clock });
    await expect.poll(() => silent.requests.length).toBe(1);
    await clock.asleep(500);
    await clock.advance(500);
    expect(await choosing).toBeUndefined();
    expect(clock.sleepers).toBe(0);
  });

  test("one that is there and does not say what it has in five seconds is none, and with a key it is told", async () => {
    const silent = await serving({ "/": "hello", "/v1/models": () => {} });
    const clock = createFastClock();
    const choosing = choose({ GROQ_API_KEY: "k" }, { groq: `${silent.url}/v1` }, { clock });
    await clock.asleep(5_000);
    await clock.advance(5_000);
    const choice = await choosing;
    expect(await refusal(choice?.model)).toMatchObject({ kind: "ModelError", message: expect.stringContaining("within 5 s") });
  });

  test("Ollama without a model that may be chosen: no model, and the reasons", async () => {
    const ollama = await serving(
      ollamaRoutes([
        { name: "llama3.2-vision:latest", capabilities: sees, details: { family: "mllama" } },
        { name: "qwen3-vl:235b-cloud", capabilities: sees, remote_host: "https://ollama.com:443" },
      ]),
    );
    const choice = await choose({}, { ollama: ollama.url });
    expect(choice?.model).toBeUndefined();
    expect(choice?.problem).toMatchObject({
      kind: "SetupError",
      message: expect.stringMatching(
        /qwen3-vl:235b-cloud \(runs on https:\/\/ollama\.com:443: pictures would leave.*llama3\.2-vision:latest \(.*few servers/s,
      ),
      hint: expect.stringMatching(/`ollama pull qwen3-vl:8b`.*--model/),
    });
  });

  test("cancelled", async () => {
    const reason = new Error("the user left");
    await expect(choose({}, {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe("a model that is named without its server", () => {
  test("is asked where it is listed", async () => {
    const [vendor, ollama] = await Promise.all([serving(openAiList("gpt-5.1")), serving(withQwen)]);
    const addresses = { openai: `${vendor.url}/v1`, ollama: ollama.url };
    expect(await choose({ OPENAI_API_KEY: "k", NVIDIA_API_KEY: "k", SIGHTLINE_MODEL: "qwen3-vl:8b" }, addresses)).toMatchObject({
      preset: { name: "ollama" },
      model: { id: "qwen3-vl:8b" },
    });
  });

  test("is nobody's: says who was asked", async () => {
    const ollama = await serving(withQwen);
    const choice = await choose({ SIGHTLINE_MODEL: "eyes" }, { ollama: ollama.url });
    expect(await refusal(choice?.model)).toMatchObject({
      kind: "SetupError",
      message: expect.stringMatching(/eyes.*none that was found has it: Ollama at http/),
    });
    expect(await refusal((await choose({ SIGHTLINE_MODEL: "eyes" }))?.model)).toMatchObject({
      kind: "SetupError",
      message: expect.stringContaining("none answers on this machine"),
      hint: expect.stringContaining("SIGHTLINE_BASE_URL"),
    });
  });
});
