import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStandInModel, type StandInModel, type StandInOptions } from "../model/stand-in-server.ts";
import { noFfmpeg } from "../video/make-video.ts";
import { nowhere, ollamaRoutes, startRoutes } from "../model/stand-in-routes.ts";
import { errorOf, runCli, SAMPLES, type Outcome } from "./run-cli.ts";

const KEY = "sk-never-shown-0123456789";
let folder = "";
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), "sightline-status-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** `backend: none`, which other tests have, would be an answer to all that is asked here. */
const UNSET = { SIGHTLINE_BACKEND: "" };

async function withModel<T>(options: StandInOptions, work: (env: Record<string, string>, server: StandInModel) => Promise<T>): Promise<T> {
  const server = await startStandInModel(options);
  try {
    return await work({ ...UNSET, XDG_CACHE_HOME: folder, SIGHTLINE_BASE_URL: server.baseUrl, SIGHTLINE_MODEL: server.model }, server);
  } finally {
    await server.close();
  }
}

const parsed = ({ stdout }: Outcome) =>
  JSON.parse(stdout) as { model: { probe?: unknown }; missing: { what: string; command: string }[] } & Record<string, unknown>;

describe("sightline status", () => {
  it("asks the model about a tiny picture, and says where pictures go", () =>
    withModel({}, async (env, server) => {
      const words = await runCli(["status", "--allow", SAMPLES], { env });
      expect(words).toMatchObject({ code: 0, stderr: "" });
      expect(words.stdout).toContain(`${server.model} at ${server.baseUrl} (openai-compatible; SIGHTLINE_BASE_URL says so), ready`);
      expect(words.stdout).toMatch(/asked about a tiny picture: ".*1 picture.*224/);
      expect(words.stdout).toContain(`Pictures stay on this machine: the model server is ${new URL(server.baseUrl).host}.`);
      expect(words.stdout).not.toMatch(/Missing:\n.*model/s);
      const json = parsed(await runCli(["status", "--json"], { env }));
      expect(json).toMatchObject({ model: { ready: true, probe: { ok: true } }, pictures: { where: "this machine" } });
    }));

  it("says what is wrong with a model that is listed and blind", () =>
    withModel({ mode: "no-projector" }, async (env) => {
      const { stdout, code } = await runCli(["status"], { env });
      expect(code).toBe(0);
      expect(stdout).toContain("not ready");
      expect(stdout).toMatch(/Missing:\n.*mmproj/s);
    }));

  it("shows no key: not the one that is set, nor the one that the server repeats", () =>
    withModel({ apiKey: "another" }, async (env) => {
      for (const variables of [{ SIGHTLINE_API_KEY: KEY }, { SIGHTLINE_BACKEND: "openrouter", OPENROUTER_API_KEY: KEY }]) {
        const outcomes = [
          await runCli(["status"], { env: { ...env, ...variables } }),
          await runCli(["status", "--json"], { env: { ...env, ...variables } }),
          await runCli(["describe-image", "coffee.png", "--json"], { env: { ...env, ...variables } }),
          await runCli(["ask-image", "coffee.png", "--question", "What is it?"], { env: { ...env, ...variables } }),
        ];
        expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 3, 3]);
        expect(JSON.stringify(outcomes)).not.toContain(KEY);
      }
    }));

  it.each([
    ["--api-key", "two words"],
    ["--base-url", `http://me:${KEY}@host/v1`],
    ["--base-url", `http://host/v1?key=${KEY}`],
  ])("a mistake in %s is told without its value", async (flag, value) => {
    const failed = await runCli(["status", `${flag}=${value}`, "--json"]);
    expect(failed.code).toBe(3);
    expect(errorOf(failed)).toMatchObject({ kind: "SetupError", message: expect.stringContaining(flag) });
    expect(failed.stderr).not.toMatch(/two words|sk-never/);
  });

  it("names FFmpeg's version, and how it is installed where it is missing", async () => {
    const { stdout } = await runCli(["status"]);
    if (noFfmpeg === undefined) expect(stdout).toMatch(/^ {2}videos: FFmpeg \S*\d\S*, ready$/m);
    const without = await runCli(["status", "--json"], { env: { PATH: folder } });
    expect(parsed(without)).toMatchObject({
      embedded: expect.arrayContaining([{ ability: "videos", by: "FFmpeg", ready: false }]),
      missing: expect.arrayContaining([{ what: "ffmpeg and ffprobe on PATH, for videos", command: expect.stringMatching(/ffmpeg/) }]),
    });
  });

  it("names what to run when the server does not", async () => {
    const env = { ...UNSET, OLLAMA_HOST: await nowhere() };
    const { missing } = parsed(await runCli(["status", "--backend", "ollama", "--json"], { env }));
    expect(missing[0]).toMatchObject({
      what: expect.stringContaining("No model server answers"),
      command: expect.stringMatching(/`ollama serve`.*`ollama pull qwen3-vl:8b`/),
    });
  });

  it("finds an Ollama by OLLAMA_HOST, and does not take Llama 3.2 Vision by itself", async () => {
    const ollama = await startRoutes(ollamaRoutes([{ name: "llama3.2-vision:latest", capabilities: ["completion", "vision"] }]));
    try {
      const env = { ...UNSET, OLLAMA_HOST: ollama.url };
      // On a machine with other servers on their usual ports those may be found too: Ollama is asked first.
      const named = await runCli(["status", "--backend", "ollama", "--json"], { env });
      expect(parsed(named).missing[0]).toMatchObject({
        what: expect.stringContaining("Llama 3.2 Vision"),
        command: expect.stringContaining("ollama pull"),
      });
      expect(ollama.requests.map((request) => request.path)).not.toContain("/api/chat");
    } finally {
      await ollama.close();
    }
  });

  it("with --local-only says what is refused, and refuses it", async () => {
    const env = { ...UNSET, NVIDIA_API_KEY: KEY };
    const args = ["--backend", "nvidia", "--model", "meta/llama-3.2-11b-vision-instruct", "--local-only"];
    const status = await runCli(["status", ...args], { env });
    expect(status.stdout).toContain("Pictures go nowhere: --local-only refuses integrate.api.nvidia.com (elsewhere).");
    const asked = await runCli(["ask-image", "coffee.png", "--question", "What?", "--json", ...args], { env });
    expect(asked.code).toBe(3);
    expect(errorOf(asked)).toMatchObject({ kind: "SetupError", message: expect.stringContaining("--local-only") });
    expect(JSON.stringify([status, asked])).not.toContain(KEY);
  });
});

describe("--cache", () => {
  it("keeps answers in a folder of one's own; status counts them and --clear-cache removes them", () =>
    withModel({}, async (env, server) => {
      const chats = () => server.requests.filter((request) => request.path.endsWith("/chat/completions")).length;
      const ask = () => runCli(["ask-image", "coffee.png", "--question", "What is in the cup?", "--cache"], { env });
      const first = await ask();
      expect(first).toMatchObject({ code: 0 });
      const asked = chats();
      expect(await ask()).toEqual(first);
      expect(chats()).toBe(asked);

      const answers = path.join(folder, "sightline", "answers");
      expect((await stat(answers)).mode & 0o777).toBe(0o700);
      expect(parsed(await runCli(["status", "--json"], { env }))).toMatchObject({
        answers: { entries: asked, folder: answers, in_use: false },
      });
      const cleared = await runCli(["status", "--clear-cache"], { env });
      expect(cleared).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^Cleared \d+ answers? of models \(\d+ bytes\) from .*answers\n$/),
      });
      expect(await readdir(answers)).toEqual([]);
    }));
});
