import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { settingsMarkdown } from "../../../../scripts/docs/settings-markdown.ts";
import { loadSettings, SETTINGS, settingFlags, settingUsage } from "./index.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "sightline-settings-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const config = async (content: unknown, name = "sightline/config.json"): Promise<string> => {
  const path = join(home, name);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
};

const load = (args: string[] = [], env: Record<string, string> = {}) =>
  loadSettings({
    flags: parseArgs({ args, options: settingFlags(), allowNegative: true }).values,
    env: { XDG_CONFIG_HOME: home, ...env },
    cwd: "/somewhere",
  });

const refusal = async (work: Promise<unknown>): Promise<{ kind: string; message: string; hint: string }> =>
  work.then(
    () => {
      throw new Error("it was accepted");
    },
    (error) => error as { kind: string; message: string; hint: string },
  );

describe("loadSettings", () => {
  it("lets flags win over the environment, and the environment over the config file", async () => {
    const path = await config({ model: "from-file", textModel: "from-file", baseUrl: "http://file:1/v1", allow: ["/file"] });
    const settings = await load(["--model", "from-flag", "--allow", "/a", "--allow", "b"], {
      SIGHTLINE_MODEL: "from-env",
      SIGHTLINE_TEXT_MODEL: "from-env",
      SIGHTLINE_ALLOW: "/env",
    });
    expect(settings).toMatchObject({
      model: "from-flag",
      textModel: "from-env",
      baseUrl: "http://file:1/v1",
      allow: ["/a", "/somewhere/b"],
      configFile: path,
    });
    expect(settings.origins).toEqual({ model: "--model", textModel: "SIGHTLINE_TEXT_MODEL", baseUrl: path, allow: "--allow" });
  });

  it("reads every setting from every place", async () => {
    const values: Record<keyof typeof SETTINGS, string> = {
      allow: "/pictures",
      backend: "openai-compatible",
      baseUrl: "http://localhost:1/v1",
      model: "m",
      documentPassword: "Grüße",
      textModel: "t",
      maxImages: "4",
      apiKey: "k",
      maxTokens: "512",
      temperature: "0.5",
      topP: "0.9",
      stream: "true",
      original: "true",
      context: "16384",
      timeout: "90.5",
      concurrency: "2",
      rateLimit: "40/min",
      redis: "redis://:secret@queue:6379/1",
      localOnly: "true",
      fallback: "embedded",
      cache: "true",
      workers: "thread",
      log: "json",
      http: "0.0.0.0:8000",
      httpToken: "a-token-of-sixteen",
      protocol: "legacy",
      tools: "describe_image, status",
      pictures: "inline",
      keepCorrections: "/corrections",
      answerWithin: "20",
    };
    const typed = {
      allow: ["/pictures"],
      maxImages: 4,
      maxTokens: 512,
      temperature: 0.5,
      topP: 0.9,
      stream: true,
      original: true,
      context: 16_384,
      timeout: 90.5,
      concurrency: 2,
      rateLimit: { everyMs: 1_500 },
      localOnly: true,
      cache: true,
      http: { host: "0.0.0.0", port: 8000 },
      tools: ["describe_image", "status"],
      answerWithin: 20,
    };
    const names = Object.keys(SETTINGS) as (keyof typeof SETTINGS)[];
    const expected = { ...values, ...typed };
    const flag = (name: keyof typeof SETTINGS): string =>
      settingFlags()[SETTINGS[name].flag]?.type === "boolean" ? `--${SETTINGS[name].flag}` : `--${SETTINGS[name].flag}=${values[name]}`;
    expect(await load(names.map(flag))).toMatchObject(expected);
    expect(await load([], Object.fromEntries(names.map((name) => [SETTINGS[name].env, values[name]])))).toMatchObject(expected);
    await config({ ...expected, http: values.http, tools: values.tools, rateLimit: values.rateLimit });
    expect(await load()).toMatchObject(expected);
  });

  it("holds nothing but defaults when nothing is set", async () => {
    expect(await load()).toEqual({
      ...Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, undefined])),
      allow: [],
      timeout: 1800,
      answerWithin: 50,
      origins: {},
    });
  });

  it("splits SIGHTLINE_ALLOW as PATH is split, expands ~, and drops repetitions", async () => {
    expect((await load([], { SIGHTLINE_ALLOW: ["/a", "", "~/Pictures", "/a/"].join(delimiter) })).allow).toEqual([
      "/a",
      join(homedir(), "Pictures"),
    ]);
  });

  it("counts empty values, and what a host left unfilled, as not set", async () => {
    await config({ model: "from-file", textModel: "" });
    const settings = await load(["--allow", "${user_config.folders}", "--api-key="], {
      SIGHTLINE_MODEL: "${user_config.model}",
      SIGHTLINE_BASE_URL: " ",
      SIGHTLINE_ALLOW: "",
    });
    expect(settings).toMatchObject({ model: "from-file", textModel: undefined, baseUrl: undefined, apiKey: undefined, allow: [] });
  });

  it.each([
    ["8000", "127.0.0.1", 8000],
    ["0", "127.0.0.1", 0],
    ["localhost:80", "localhost", 80],
    ["[::1]:8000", "::1", 8000],
    ["mcp.example.com:443", "mcp.example.com", 443],
  ])("reads where to listen, %s", async (text, host, port) => {
    expect((await load(["--http", text])).http).toEqual({ host, port });
  });

  it("switches off what is on further back: --no-stream, SIGHTLINE_STREAM=no, false", async () => {
    await config({ stream: true, cache: false });
    expect(await load()).toMatchObject({ stream: true, cache: false });
    expect(await load([], { SIGHTLINE_STREAM: "no", SIGHTLINE_CACHE: "1" })).toMatchObject({ stream: false, cache: true });
    const settings = await load(["--no-stream", "--cache"], { SIGHTLINE_STREAM: "yes", SIGHTLINE_CACHE: "FALSE" });
    expect(settings).toMatchObject({ stream: false, cache: true, origins: { stream: "--no-stream", cache: "--cache" } });
  });

  it("takes a config file by flag and by variable; relative folders count from the file", async () => {
    const path = await config({ allow: ["pictures"] }, "elsewhere/mine.json");
    expect(await load(["--config", path])).toMatchObject({ allow: [join(home, "elsewhere/pictures")], configFile: path });
    expect(await load([], { SIGHTLINE_CONFIG: path })).toMatchObject({ configFile: path });
  });

  it("counts the folder for corrections from where it is named", async () => {
    expect(await load(["--keep-corrections", "kept"])).toMatchObject({ keepCorrections: "/somewhere/kept" });
    await config({ keepCorrections: "kept" });
    expect(await load()).toMatchObject({ keepCorrections: join(home, "sightline/kept") });
  });

  it.each<[string, string[], Record<string, string>, RegExp]>([
    ["a URL that is none", ["--base-url", "localhost:11434"], {}, /--base-url \(localhost:11434\): must be a URL/],
    ["another protocol", [], { SIGHTLINE_BASE_URL: "ftp://host/v1" }, /SIGHTLINE_BASE_URL.*must be a URL/],
    ["credentials in the URL", ["--base-url", "http://me:hunter2@host/v1"], {}, /^(?!.*hunter2).*must not carry/],
    ["an unknown backend", [], { SIGHTLINE_BACKEND: "magic" }, /SIGHTLINE_BACKEND \(magic\).*openai-compatible/],
    ["no number", ["--max-images", "many"], {}, /--max-images \(many\): must be a whole number/],
    ["a number that is a word in a variable", [], { SIGHTLINE_TEMPERATURE: "hot" }, /SIGHTLINE_TEMPERATURE \(hot\): must be a number/],
    ["too much temperature", ["--temperature", "2.1"], {}, /at most 2/],
    ["no probability at all", ["--top-p", "0"], {}, /above 0/],
    ["half a token", ["--max-tokens", "1.5"], {}, /whole number/],
    ["neither yes nor no", [], { SIGHTLINE_LOCAL_ONLY: "maybe" }, /SIGHTLINE_LOCAL_ONLY \(maybe\): must be true or false/],
    ["another fallback", ["--fallback", "guess"], {}, /--fallback \(guess\).*embedded/],
    [
      "a query in the URL, and shows none of it",
      ["--base-url", "http://host/v1?key=hunter2"],
      {},
      /^(?!.*hunter2).*must end with its path/,
    ],
    ["no pictures", ["--max-images", "0"], {}, /at least 1/],
    ["a port that is none", ["--http", "65536"], {}, /--http \(65536\): must be a port/],
    ["an address without a port", [], { SIGHTLINE_HTTP: "localhost" }, /SIGHTLINE_HTTP \(localhost\): must be a port/],
    ["a token that can be guessed", ["--http-token", "hunter2"], {}, /^(?!.*hunter2)--http-token: must have 16 characters or more/],
    ["another protocol", ["--protocol", "1.x"], {}, /must be auto or legacy/],
    ["a config file that is not there", ["--config", "/nope/config.json"], {}, /\/nope\/config\.json does not exist/],
    ["a config file that is a folder", ["--config", "/"], {}, /cannot be read/],
  ])("refuses %s as SetupError", async (_, args, env, message) => {
    const error = await refusal(load(args, env));
    expect(error).toMatchObject({ kind: "SetupError", message: expect.stringMatching(message), hint: expect.any(String) });
  });

  it.each(["k 1", "k\n1", "ключ"])("refuses the key %j, which no header can carry, and does not show it", async (key) => {
    const error = await refusal(load([], { SIGHTLINE_API_KEY: key }));
    expect(error).toMatchObject({ kind: "SetupError", message: expect.stringMatching(/^SIGHTLINE_API_KEY: must be one word/) });
    expect(JSON.stringify(error)).not.toContain(key);
  });

  it.each<[string, unknown, RegExp]>([
    ["unknown keys", { alow: [], modle: "x" }, /unknown settings: alow, modle/],
    ["a wrong type", { allow: "~/Pictures" }, /"allow" in .*config\.json \(~\/Pictures\): .*array/],
    ["a number for yes", { stream: 1 }, /"stream" in .*must be true or false/],
    ["yes for a number", { maxImages: true }, /"maxImages" in .*whole number/],
    ["a wrong type in the list", { allow: [1] }, /"allow" in .*config\.json/],
    ["an array", [], /JSON object/],
    ["broken JSON", '{\n"apiKey": "secret-key",\n"model" "x"}', /not valid JSON \(line 3\)/],
    ["a key that is no text", { apiKey: 12345 }, /"apiKey" in .*config\.json/],
  ])("refuses a config file with %s, and names it", async (_, content, message) => {
    const path = await config(content);
    const error = await refusal(load());
    expect(error).toMatchObject({ kind: "SetupError", message: expect.stringMatching(message) });
    expect(error.message).toContain(path);
    expect(JSON.stringify([error.message, error.hint])).not.toMatch(/secret-key|12345/);
  });
});

describe("the table", () => {
  it("gives docs/settings.md", async () => {
    const file = fileURLToPath(new URL("../../../../docs/settings.md", import.meta.url));
    expect(await readFile(file, "utf8")).toBe(settingsMarkdown());
  });

  it("names flags, variables and keys after each other, and tells each in a usage line", () => {
    for (const [key, { flag, env }] of Object.entries(SETTINGS)) {
      expect(flag).toBe(key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
      expect(env).toBe(`SIGHTLINE_${flag.replaceAll("-", "_").toUpperCase()}`);
    }
    expect(settingUsage("server").map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(settingFlags())));
    expect(settingUsage("cli").map(({ name }) => name)).not.toContain("http");
    expect(settingUsage("cli").map(({ flag }) => flag)).toEqual(expect.arrayContaining(["--allow DIR", "--stream", "--config FILE"]));
  });
});
