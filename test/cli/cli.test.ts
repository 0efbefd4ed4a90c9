import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStandInModel, type SeenRequest, type StandInMode, type StandInModel } from "../model/stand-in-server.ts";
import { childrenOf, isRunning, SHOWS_CHILDREN } from "../mcp/processes.ts";
import { errorOf, runCli, SAMPLES, startCli } from "./run-cli.ts";

/** Tells on standard error, when the process ends, what native code it has loaded. */
const TELL_NATIVE = `process.on("exit", () => process.stderr.write(process.report.getReport().sharedObjects.filter((file) => file.endsWith(".node")).join()))`;

const RECEIPT = path.join(SAMPLES, "receipt.png");
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sightline-cli-"));
  await writeFile(path.join(folder, "words.jpg"), "these are words, not a picture");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Settings that lead to a stand-in model server for as long as `work` runs. */
async function withModel<T>(
  mode: StandInMode | readonly StandInMode[],
  work: (env: Record<string, string>, server: StandInModel) => Promise<T>,
): Promise<T> {
  const server = await startStandInModel({ mode });
  try {
    return await work(
      { SIGHTLINE_BACKEND: "openai-compatible", SIGHTLINE_BASE_URL: server.baseUrl, SIGHTLINE_MODEL: server.model },
      server,
    );
  } finally {
    await server.close();
  }
}

describe("help", () => {
  it("lists the commands and settings, and loads no native code for it", async () => {
    const { code, stdout, stderr } = await runCli(["--help"], {
      env: { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(TELL_NATIVE)}` },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const words of ["describe-image", "extract-text", "ask-image", "status", "--base-url", "--json"]) expect(stdout).toContain(words);
  });

  it("shows a command's options with choices, defaults and examples", async () => {
    const { code, stdout } = await runCli(["describe-image", "--help"]);
    expect(code).toBe(0);
    // Help is wrapped to the width of the terminal.
    expect(stdout.replace(/\s+/g, " ")).toContain(
      '--detail <choice> Length of the description (choices: "brief", "standard", "detailed", default: "standard")',
    );
    expect(stdout).toContain("$ sightline describe-image street.jpg");
    expect(stdout).toContain("--backend <NAME>");
  });

  it("shows the version of the package", async () => {
    const manifest = JSON.parse(await readFile(new URL("../../packages/cli/package.json", import.meta.url), "utf8")) as { version: string };
    expect(await runCli(["--version"])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });
});

describe("what cannot be understood", () => {
  it.each([
    ["an unknown command", ["describe-imge", RECEIPT], "describe-image"],
    ["an unknown option", ["describe-image", RECEIPT, "--detial", "brief"], "--detail"],
    ["a value that is no choice", ["describe-image", RECEIPT, "--detail", "long"], "brief, standard, detailed"],
    ["no file", ["describe-image"], "file"],
    ["no question", ["ask-image", RECEIPT], "--question"],
    ["no command", [], "describe-image"],
  ])("%s ends with 2 and says what would do", async (_name, args, words) => {
    const outcome = await runCli(args);
    expect({ code: outcome.code, stdout: outcome.stdout }).toEqual({ code: 2, stdout: "" });
    expect(outcome.stderr).toContain(words);
    expect(outcome.stderr.split("\n")[0]).toMatch(/^sightline: [A-Z]/);
  });

  it("is one JSON object with --json", async () => {
    const outcome = await runCli(["describe-imge", RECEIPT, "--json"]);
    expect(outcome.code).toBe(2);
    expect(errorOf(outcome)).toEqual({
      kind: "InputError",
      message: expect.stringContaining("describe-imge"),
      hint: "Did you mean describe-image?",
    });
  });
});

describe("an answer", () => {
  it("is words", async () => {
    const { code, stdout, stderr } = await runCli(["extract-text", "receipt.png"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).not.toMatch(/^[{[]/);
    expect(stdout.length).toBeGreaterThan(50);
  });

  it("is the task's output alone with --json, with boxes by default", async () => {
    const { code, stdout, stderr } = await runCli(["extract-text", RECEIPT, "--json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const output = JSON.parse(stdout) as { text: string; pages: { lines: { box: object }[] }[]; warnings: string[] };
    expect(Object.keys(output).toSorted()).toEqual(["pages", "text", "warnings"]);
    expect(output.pages[0]?.lines[0]?.box).toEqual({
      x: expect.any(Number),
      y: expect.any(Number),
      width: expect.any(Number),
      height: expect.any(Number),
    });
  });

  it("is the same from a path, standard input and a file: URL", async () => {
    const bytes = await readFile(RECEIPT);
    const [fromPath, ...others] = await Promise.all([
      runCli(["extract-text", "receipt.png", "--json"]),
      runCli(["extract-text", "-", "--json"], { stdin: bytes }),
      runCli(["extract-text", `file://${RECEIPT}`, "--json"]),
    ]);
    expect(fromPath?.code).toBe(0);
    for (const other of others) expect(other).toEqual(fromPath);
  });

  it("comes for each of several files, a line each with --json", async () => {
    const { code, stdout } = await runCli(["extract-text", "receipt.png", "invoice.png", "--json", "--evidence", "none"]);
    expect(code).toBe(0);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { text: string });
    expect(lines).toHaveLength(2);
    expect(lines[0]?.text).not.toBe(lines[1]?.text);
  });

  it("comes for the files after one that failed; the exit code is the first failure's", async () => {
    const outcome = await runCli([
      "extract-text",
      path.join(folder, "words.jpg"),
      "missing.png",
      "receipt.png",
      "--json",
      "--evidence",
      "none",
    ]);
    expect(outcome.code).toBe(2);
    expect(outcome.stdout.trimEnd().split("\n")).toHaveLength(1);
    const errors = outcome.stderr
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { error: { kind: string; file: string } }).error);
    expect(errors.map(({ kind, file }) => [kind, path.basename(file)])).toEqual([
      ["InputError", "words.jpg"],
      ["InputError", "missing.png"],
    ]);
  });

  it("of a task that takes several pictures is one for all", async () => {
    const outcome = await withModel("answer", (env) =>
      runCli(["ask-image", "receipt.png", "coffee.png", "--question", "What is it?", "--json"], { env }),
    );
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(outcome.stdout)).toMatchObject({ source: "model" });
  });

  it("ends quietly when its reader has gone", async () => {
    const { process: child, outcome } = startCli(["extract-text", "receipt.png", "invoice.png", "--json"]);
    child.stdout.destroy();
    expect(await outcome).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("exit codes", () => {
  it("2: the input cannot be used", async () => {
    const outcome = await runCli(["describe-image", "missing.png", "--json"]);
    expect(outcome).toMatchObject({ code: 2, stdout: "" });
    expect(errorOf(outcome)).toMatchObject({
      kind: "InputError",
      message: expect.stringContaining("missing.png"),
      hint: expect.any(String),
    });
  });

  it("2: standard input is empty, or named twice", async () => {
    expect((await runCli(["describe-image", "-"])).code).toBe(2);
    expect((await runCli(["describe-image", "-", "-"], { stdin: await readFile(RECEIPT) })).code).toBe(2);
  });

  it("3: something must be set up", async () => {
    const outcome = await runCli(["ask-image", RECEIPT, "--question", "What is it?", "--json"]);
    expect(outcome.code).toBe(3);
    expect(errorOf(outcome).kind).toBe("SetupError");
  });

  it("4: the model server failed", async () => {
    const outcome = await withModel("server-error", (env) =>
      runCli(["ask-image", RECEIPT, "--question", "What is it?", "--json"], { env }),
    );
    expect(outcome.code).toBe(4);
    expect(errorOf(outcome)).toMatchObject({ kind: "ModelError", message: expect.stringContaining("CUDA error") });
  });

  it("5: the model's answer is unusable", async () => {
    const outcome = await withModel("non-answer", (env) => runCli(["ask-image", RECEIPT, "--question", "What is it?", "--json"], { env }));
    expect(outcome.code).toBe(5);
    expect(errorOf(outcome).kind).toBe("AnswerError");
  });

  it.skipIf(!SHOWS_CHILDREN)("130: cancelled, and no child process is left", async () => {
    await withModel("silent", async (env, server) => {
      const { process: child, outcome } = startCli(["ask-image", RECEIPT, "--question", "What is it?"], { env });
      const question = (): SeenRequest | undefined => server.requests.find((request) => request.method === "POST");
      await expect.poll(question).toBeDefined();
      // Those that prepared the picture.
      const children = await childrenOf(child.pid as number);
      expect(children).not.toEqual([]);
      child.kill("SIGINT");
      expect(await outcome).toEqual({ code: 130, stdout: "", stderr: "sightline: cancelled\n" });
      expect(await question()?.end).toBe("aborted");
      await expect.poll(() => children.filter(isRunning)).toEqual([]);
    });
  });

  it("130: cancelled while it waits for standard input", async () => {
    const { process: child, outcome } = startCli(["extract-text", "-"], { stdin: "open" });
    // Taken when it reads: what is written before stays in the pipe.
    await new Promise((resolve) => child.stdin.write(new Uint8Array(1_000_000), resolve));
    child.kill("SIGINT");
    expect(await outcome).toMatchObject({ code: 130, stdout: "", stderr: "sightline: cancelled\n" });
  });
});

describe("pnpm sightline", () => {
  it("takes paths from where the user stands", async () => {
    const { stderr, code } = await runCli(["extract-text", "missing.png"], { bin: "scripts/sightline.mjs", env: { INIT_CWD: folder } });
    expect(code).toBe(2);
    expect(stderr).toContain(path.join(folder, "missing.png"));
  });
});

describe("status", () => {
  it("says what is set up, in words and as JSON", async () => {
    const words = await runCli(["status"]);
    expect(words).toMatchObject({ code: 0, stderr: "" });
    expect(words.stdout).toContain("Model: none");
    const json = await runCli(["status", "--json", "--allow", SAMPLES]);
    expect(JSON.parse(json.stdout)).toMatchObject({ allowed_folders: [{ path: SAMPLES }] });
  });
});
