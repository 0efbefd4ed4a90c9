import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { textOf } from "../model/stand-in-rule.ts";
import { startStandInModel, type StandInModel, type StandInOptions } from "../model/stand-in-server.ts";
import { errorOf, runCli, SAMPLES, startCli } from "./run-cli.ts";

const RECEIPT = path.join(SAMPLES, "receipt.png");
const TEXT = "Please find attached our bill for March.\n";
let folder = "";
let letter = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sightline-texts-"));
  letter = path.join(folder, "letter.txt");
  await writeFile(letter, TEXT);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const open: StandInModel[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** Settings that lead to a stand-in. */
async function standIn(options: StandInOptions = {}): Promise<{ env: Record<string, string>; prompts: () => string[] }> {
  const server = await startStandInModel(options);
  open.push(server);
  return {
    env: { SIGHTLINE_BACKEND: "openai-compatible", SIGHTLINE_BASE_URL: server.baseUrl, SIGHTLINE_MODEL: server.model },
    prompts: () => server.requests.filter(({ method }) => method === "POST").map(({ body }) => textOf(body)),
  };
}

const verbatim = (value: unknown): StandInOptions => ({ mode: "verbatim", text: JSON.stringify(value) });
const INVOICE = verbatim({ label: "invoice", quote: "our bill for March" });
const LABELS = ["--labels", "invoice", "--labels", "a letter, or a note"];

describe("a text", () => {
  it("comes from a file, from -, and from standard input where no file is named", async () => {
    const { env, prompts } = await standIn(INVOICE);
    const fromFile = await runCli(["classify-text", letter, ...LABELS], { env });
    expect(fromFile).toEqual({ code: 0, stdout: 'invoice\n\n"our bill for March": characters 21 to 39\n', stderr: "" });
    const stdin = Buffer.from(TEXT);
    expect(await runCli(["classify-text", "-", ...LABELS], { env, stdin })).toEqual(fromFile);
    expect(await runCli(["classify-text", ...LABELS], { env, stdin })).toEqual(fromFile);
    expect(await runCli(["classify-text", `file://${letter}`, ...LABELS], { env })).toEqual(fromFile);
    expect(new Set(prompts()).size).toBe(1);
    expect(prompts()[0]).toContain('["invoice","a letter, or a note"]');
  });

  it("is what another command wrote", async () => {
    const read = await runCli(["extract-text", RECEIPT]);
    const { env, prompts } = await standIn(verbatim({ label: null, quote: "" }));
    const sorted = await runCli(["classify-text", "-", ...LABELS], { env, stdin: Buffer.from(read.stdout) });
    expect(sorted).toEqual({ code: 0, stdout: "No label fits.\n", stderr: "" });
    expect(prompts()[0]).toContain("HARBOUR STREET BAKERY");
  });

  it("makes an answer each where several are named, and one that fails is told by name", async () => {
    const { env } = await standIn(verbatim({ translation: "Hallo.", source_language: "English" }));
    const missing = path.join(folder, "missing.txt");
    const outcome = await runCli(["translate-text", letter, missing, letter, "--language", "German"], { env });
    expect(outcome.code).toBe(2);
    expect(outcome.stdout).toBe(`==> ${letter} <==\nHallo.\n\n==> ${letter} <==\nHallo.\n`);
    expect(outcome.stderr).toBe(`sightline: ${missing} does not exist.\n  Name a text file.\n`);
  });

  it("keeps its umlauts, and loses its byte order mark", async () => {
    const { env, prompts } = await standIn(verbatim({ summary: "Kurz.", points: [] }));
    await runCli(["summarize-text", "-"], { env, stdin: Buffer.from("\uFEFFGrüße aus Köln") });
    expect(prompts()[0]).toMatch(/<<<(TEXT-\w+)\nGrüße aus Köln\n\1>>>/);
  });
});

describe("what is no text is refused before any model is asked", () => {
  it.each<[string, () => Promise<Uint8Array> | Uint8Array, RegExp]>([
    ["a picture", () => readFile(RECEIPT), /is no text, but a picture or document\.\n.*sightline extract-text/],
    ["a PDF", () => Buffer.from("%PDF-1.7\n1 0 obj\n"), /is no text, but a picture or document\.\n.*sightline extract-text/],
    ["Latin-1", () => Buffer.from("Grüße", "latin1"), /is no UTF-8 text\.\n.*Save it as plain text in UTF-8/],
    ["UTF-16", () => Buffer.from("Hello", "utf16le"), /has NUL bytes in it/],
    ["nothing", () => Buffer.alloc(0), /is empty/],
    ["white space", () => Buffer.from(" \n\t"), /is empty/],
    ["too much", () => Buffer.alloc(10 * 1024 * 1024 + 1, "a "), /is larger than 10 MB/],
  ])("%s", async (_name, make, words) => {
    const { env, prompts } = await standIn();
    const bytes = await make();
    const file = path.join(folder, "x.txt");
    await writeFile(file, bytes);
    for (const [name, args, stdin] of [
      ["Standard input", ["-"], bytes],
      [file, [file], undefined],
    ] as const) {
      const outcome = await runCli(["summarize-text", ...args], { env, ...(stdin === undefined ? {} : { stdin }) });
      expect(outcome).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(words) });
      expect(outcome.stderr).toContain(name);
    }
    expect(prompts()).toEqual([]);
  });

  it.each([
    ["a folder", () => folder, "is a folder"],
    ["an address", () => "https://example.com/letter.txt", "a text is read from files and standard input"],
  ])("%s", async (_name, what, words) => {
    const outcome = await runCli(["summarize-text", what(), "--json"]);
    expect(outcome.code).toBe(2);
    expect(errorOf(outcome)).toMatchObject({ kind: "InputError", message: expect.stringContaining(words) });
  });
});

describe("without a model", () => {
  it.each(["summarize-text", "translate-text", "classify-text"])("%s says in one sentence what to run", async (command) => {
    const args = command === "translate-text" ? ["--language", "German"] : command === "classify-text" ? LABELS : [];
    const outcome = await runCli([command, letter, ...args]);
    expect(outcome).toMatchObject({ code: 3, stdout: "", stderr: expect.stringContaining("ollama pull llama3.2:3b") });
  });
});

describe("--help", () => {
  it("shows how texts are named and piped", async () => {
    const { stdout, code } = await runCli(["classify-text", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Usage: sightline classify-text [FILE…] [options]");
    expect(stdout.replace(/\s+/g, " ")).toContain("--labels <text> The labels to choose from (repeatable)");
    expect(stdout).toContain("$ sightline classify-text letter.txt --labels invoice --labels letter --labels contract");
    expect(stdout).toContain("$ sightline extract-text letter.jpg | sightline classify-text - --labels invoice");
  });
});

describe("--stream", () => {
  const summary = { summary: "The bill for March is attached.", points: [{ point: "There is a bill.", quote: "our bill for March" }] };
  const WHOLE = 'The bill for March is attached.\n\n"our bill for March": characters 21 to 39\n';

  it("ends with the same answer", async () => {
    const { env } = await standIn(verbatim(summary));
    expect(await runCli(["summarize-text", letter, "--stream"], { env })).toEqual({ code: 0, stdout: WHOLE, stderr: "" });
    expect(await runCli(["summarize-text", letter], { env })).toEqual({ code: 0, stdout: WHOLE, stderr: "" });
  });

  it("writes words before the answer is there", async () => {
    const { env } = await standIn({ mode: "stalls", text: '{"summary": "The bill for' });
    const { process: child, outcome } = startCli(["summarize-text", letter, "--stream"], { env });
    let shown = "";
    child.stdout.on("data", (text: string) => (shown += text));
    await expect.poll(() => shown).toBe("The bill for");
    child.kill("SIGINT");
    expect(await outcome).toEqual({ code: 130, stdout: "The bill for\n", stderr: "sightline: cancelled\n" });
  });

  it("writes a second try on a new line", async () => {
    const first = JSON.stringify({ summary: "The bill is not for", points: "none" });
    const text = (request: Parameters<typeof textOf>[0]) =>
      textOf(request).includes("Your last answer") ? JSON.stringify(summary) : first;
    const { env } = await standIn({ mode: "verbatim", text });
    const { stdout } = await runCli(["summarize-text", letter, "--stream"], { env });
    expect(stdout).toBe(`The bill is not for\n${WHOLE}`);
  });

  it("shows nothing early with --json", async () => {
    const { env } = await standIn(verbatim(summary));
    const { stdout } = await runCli(["summarize-text", letter, "--stream", "--json"], { env });
    expect(JSON.parse(stdout)).toMatchObject({ summary: summary.summary, parts: 1 });
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
  });
});
