import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { toCii } from "../../packages/core/src/invoice/invoice.test-samples.ts";
import { BILL } from "../documents/invoice-pdf.ts";
import { childrenOf, isRunning, SHOWS_CHILDREN } from "../mcp/processes.ts";
import { startStandInModel } from "../model/stand-in-server.ts";
import { runCli, SAMPLES, startCli, type Outcome, type Running } from "./run-cli.ts";

interface Row {
  readonly file: string;
  readonly status: string;
  readonly result?: { readonly text?: string; readonly invoices?: readonly { readonly checks: readonly { readonly rule: string }[] }[] };
  readonly error?: { readonly kind: string; readonly message: string };
  readonly same_as?: string;
  readonly duplicate_of?: readonly string[];
  readonly ended_at: string;
}

/** Small pictures, each with other bytes, drawn once. */
const PICTURES = 24;
let drawn = "";
let root = "";
beforeAll(async () => {
  drawn = await mkdtemp(path.join(tmpdir(), "sightline-batch-pictures-"));
  await Promise.all(
    Array.from({ length: PICTURES }, (_, index) =>
      sharp({ create: { width: 16 + index, height: 16, channels: 3, background: "white" } })
        .png()
        .toFile(path.join(drawn, `${String(index).padStart(2, "0")}.png`)),
    ),
  );
});
afterAll(() => rm(drawn, { recursive: true, force: true }));
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "sightline-batch-"));
  await mkdir(path.join(root, "in"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const at = (...names: string[]): string => path.join(root, ...names);
const picture = (index: number): string => path.join(drawn, `${String(index).padStart(2, "0")}.png`);
/** An invoice as bare XML, which needs no worker: quick to read in any number. */
const invoice = (number: number): string => toCii({ ...BILL, number: `INV-${number}` });
const writeInvoices = (count: number): Promise<unknown> =>
  Promise.all(Array.from({ length: count }, (_, index) => writeFile(at("in", `${String(index).padStart(3, "0")}.xml`), invoice(index))));

const TEXTS = ["batch", "in", "--task", "extract-text", "--out", "results.jsonl"];
const INVOICES = ["batch", "in", "--task", "extract-invoice", "--out", "results.jsonl"];

const run = (args: readonly string[], ...more: string[]): Promise<Outcome> => runCli([...args, ...more], { cwd: root });
const summaryOf = ({ stdout }: Outcome): unknown => JSON.parse(stdout);
const rows = async (file = "results.jsonl"): Promise<Row[]> =>
  (await readFile(at(file), "utf8"))
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Row);
const files = async (): Promise<string[]> => (await rows()).map(({ file }) => file).sort();

/** Resolves when so many files are done, as the lines of standard error say. */
function untilDone({ process: child }: Running, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = "";
    child.stderr.on("data", (text: string) => {
      seen += text;
      if (seen.includes(`[${count}/`)) resolve();
    });
    child.once("close", () => reject(new Error(`it ended early: ${seen}`)));
  });
}

describe("sightline batch", () => {
  it("reads every file of a folder and what is below it, with one row for each, and a table beside", async () => {
    await mkdir(at("in", "sub", "deep"), { recursive: true });
    await mkdir(at("in", ".hidden"));
    await copyFile(path.join(SAMPLES, "receipt.png"), at("in", "a.png"));
    await copyFile(picture(0), at("in", "sub", "a.png"));
    await copyFile(picture(1), at("in", "sub", "deep", "=cmd.png"));
    await copyFile(picture(2), at("in", ".hidden", "b.png"));
    await writeFile(at("in", "broken.png"), (await readFile(picture(3))).subarray(0, 40));
    await writeFile(at("in", "empty.pdf"), "");
    await writeFile(at("in", "letter.jpg"), "these are words");
    const { code, stdout, stderr } = await run(TEXTS);
    expect(code).toBe(2);
    expect(await files()).toEqual(["in/a.png", "in/broken.png", "in/empty.pdf", "in/letter.jpg", "in/sub/a.png", "in/sub/deep/=cmd.png"]);
    const byFile = new Map((await rows()).map((row) => [row.file, row]));
    expect(byFile.get("in/a.png")?.result?.text).toContain("HARBOUR STREET BAKERY");
    for (const file of ["in/broken.png", "in/empty.pdf", "in/letter.jpg"])
      expect(byFile.get(file)).toMatchObject({ status: "failed", error: { kind: "InputError" } });
    expect(stderr.trim().split("\n")).toHaveLength(6);
    expect(stderr).toMatch(/^\[6\/6\] /m);
    expect(stdout).toContain("6 files: 6 read in");
    expect(stdout).toContain("3 files failed (3 InputError):");
    const table = await readFile(at("results.csv"), "utf8");
    expect(table.split("\r\n")[0]).toBe("file,status,error_kind,error,duplicate_of,text,warnings");
    expect(table).toContain("in/letter.jpg,failed,InputError,");
    expect(table).toContain('"HARBOUR STREET BAKERY\n');
    // Nothing is left but what was asked for.
    expect((await readdir(root)).sort()).toEqual(["in", "results.csv", "results.jsonl"]);
  });

  it("guards what a spreadsheet would run, file names too", async () => {
    await copyFile(picture(0), at("=cmd.png"));
    const { code } = await runCli(["batch", "=cmd.png", "--task", "extract-text", "--out", "results.jsonl"], { cwd: root });
    expect(code).toBe(0);
    expect(await readFile(at("results.csv"), "utf8")).toContain("\r\n'=cmd.png,done");
  });

  it("takes patterns, files and the task's own options; a file that is reached twice is read once", async () => {
    for (const [index, name] of ["a.png", "b.png", "c.jpg"].entries()) await copyFile(picture(index), at("in", name));
    await symlink(at("in", "a.png"), at("in", "link.png"));
    const { code, stdout } = await runCli(
      [
        "batch",
        "--format",
        "markdown",
        "in/**/*.png",
        at("in", "b.png"),
        "--task",
        "extract_text",
        "--language",
        "de",
        "--out",
        at("results.jsonl"),
        "--no-csv",
        "--json",
      ],
      { cwd: root },
    );
    expect(code).toBe(0);
    expect(await files()).toEqual(["in/a.png", "in/b.png"]);
    expect(JSON.parse(stdout)).toMatchObject({ files: 2, read: 2, unchanged: 0, failed: 0, left: 0, failures: [] });
    expect(await readdir(root)).not.toContain("results.csv");
  });

  it("has a row a line of invoices, or one an invoice, and marks what came before in another file", async () => {
    await mkdir(at("in", "mail"));
    await writeFile(at("in", "1.xml"), invoice(1));
    await writeFile(at("in", "2.xml"), invoice(2));
    await run(INVOICES);
    const lines = (await readFile(at("results.csv"), "utf8")).split("\r\n");
    expect(lines[0]).toMatch(/^file,status,error_kind,error,duplicate_of,number,kind,description,/);
    expect(lines.filter((line) => line.startsWith("in/1.xml,done,,,,INV-1,line,"))).toHaveLength(BILL.lines?.length ?? 0);

    // The same invoice again: other bytes.
    await writeFile(at("in", "mail", "1.xml"), `${invoice(1)}\n`);
    const { code, stdout } = await run(INVOICES, "--rows", "invoices");
    expect(code).toBe(0);
    expect(stdout).toContain("1 file with a copy of a document in another file");
    const table = (await readFile(at("results.csv"), "utf8")).trim().split("\r\n");
    expect(table.map((line) => line.split(",").slice(0, 6).join(","))).toEqual([
      "file,status,error_kind,error,duplicate_of,number",
      "in/1.xml,done,,,,INV-1",
      "in/2.xml,done,,,,INV-2",
      "in/mail/1.xml,done,,,in/1.xml,INV-1",
    ]);
    const copy = (await rows()).find(({ file }) => file === "in/mail/1.xml");
    expect(copy?.duplicate_of).toEqual(["in/1.xml"]);
    expect(copy?.result?.invoices?.[0]?.checks.find(({ rule }) => rule === "duplicate_key")).toMatchObject({ ok: false });
  });

  it("reads equal bytes once, whatever the files are called", async () => {
    await mkdir(at("in", "sub"));
    for (const name of ["a.xml", "b.xml", path.join("sub", "a.xml")]) await writeFile(at("in", name), invoice(1));
    const { stdout } = await run(INVOICES);
    expect(stdout).toContain("3 files: 1 read");
    expect(stdout).toContain("2 with the bytes of another");
    const [first, ...others] = await rows();
    expect(others.map(({ same_as: sameAs }) => sameAs)).toEqual([first?.file, first?.file]);
    expect(await files()).toEqual(["in/a.xml", "in/b.xml", "in/sub/a.xml"]);
  });
});

describe("a second run", () => {
  it("reads only what is new, has changed, or is read in another way", async () => {
    await writeInvoices(3);
    await writeFile(at("in", "bad.xml"), "no invoice");
    await run(INVOICES);
    const before = new Map((await rows()).map((row) => [row.file, row.ended_at]));

    const again = await run(INVOICES, "--json");
    expect(summaryOf(again)).toMatchObject({ files: 4, read: 0, unchanged: 4, failed: 1 });
    expect(again.code).toBe(2);

    await writeFile(at("in", "001.xml"), invoice(11));
    await writeFile(at("in", "new.xml"), invoice(12));
    expect(summaryOf(await run(INVOICES, "--json"))).toMatchObject({ files: 5, read: 2, unchanged: 3 });
    expect(await files()).toEqual(["in/000.xml", "in/001.xml", "in/002.xml", "in/bad.xml", "in/new.xml"]);
    for (const { file, ended_at: endedAt } of await rows()) {
      if (["in/001.xml", "in/new.xml"].includes(file)) expect(endedAt).not.toBe(before.get(file));
      else expect(endedAt).toBe(before.get(file));
    }
    expect((await readFile(at("results.csv"), "utf8")).match(/INV-11,line/g)).toHaveLength(BILL.lines?.length ?? 0);

    expect(summaryOf(await run(INVOICES, "--json", "--retry-failed"))).toMatchObject({ read: 1, unchanged: 4 });
    expect(summaryOf(await run(INVOICES, "--json", "--evidence", "none"))).toMatchObject({ read: 5, unchanged: 0 });
    expect(await files()).toHaveLength(5);
    // From elsewhere it is the same file still.
    const elsewhere = await runCli(["batch", at("in"), ...INVOICES.slice(2, -1), at("results.jsonl"), "--json", "--evidence", "none"]);
    expect(summaryOf(elsewhere)).toMatchObject({ read: 0, unchanged: 5 });
  });

  it("does again what failed for want of a server, and shows no password", async () => {
    await copyFile(picture(0), at("in", "a.png"));
    const args = ["batch", "in", "--task", "describe-image", "--out", "results.jsonl"];
    args.push("--document-password", "s3cret-word");
    const server = await startStandInModel({ mode: "answer" });
    const env = { SIGHTLINE_BACKEND: "openai-compatible", SIGHTLINE_BASE_URL: server.baseUrl, SIGHTLINE_MODEL: server.model };
    await server.close();
    const refused = await runCli(args, { cwd: root, env });
    expect(refused.code).toBe(3);
    expect(await rows()).toMatchObject([{ status: "failed", error: { kind: "SetupError" } }]);
    expect(refused.stdout).toContain("Run the same command again");
    const again = await runCli([...args, "--fallback", "embedded", "--json"], { cwd: root, env });
    expect(summaryOf(again)).toMatchObject({ read: 1, failed: 0 });
    expect(await rows()).toMatchObject([{ status: "done" }]);
    expect(`${await readFile(at("results.jsonl"), "utf8")}${again.stdout}`).not.toContain("s3cret");
  });

  it("leaves the rest when one file after the other fails for want of a server", async () => {
    await cp(drawn, at("in"), { recursive: true });
    const { code, stdout } = await runCli(
      ["batch", "in", "--task", "ask-image", "--question", "What is this?", "--out", "results.jsonl", "--json"],
      {
        cwd: root,
        env: { SIGHTLINE_BACKEND: "openai-compatible", SIGHTLINE_BASE_URL: "http://127.0.0.1:9/v1", SIGHTLINE_MODEL: "m" },
      },
    );
    expect(code).toBe(3);
    const summary = JSON.parse(stdout) as { read: number; left: number; gave_up: { kind: string } };
    expect(summary.gave_up.kind).toBe("SetupError");
    expect(summary.read).toBeGreaterThanOrEqual(10);
    expect(summary.left).toBe(PICTURES - summary.read);
    expect(summary.left).toBeGreaterThan(0);
  });

  it("reads a file again that was written to while it was read: nobody knows which bytes its row is of", async () => {
    let answer!: () => void;
    const model = await startStandInModel({ until: new Promise<void>((resolve) => (answer = resolve)) });
    const flags = ["--backend", "openai-compatible", "--base-url", model.baseUrl, "--model", model.model];
    const ask = [
      "batch",
      "in",
      "--task",
      "ask-image",
      "--question",
      "What is this?",
      "--out",
      "results.jsonl",
      "--no-csv",
      "--json",
      ...flags,
    ];
    await copyFile(picture(0), at("in", "a.png"));
    try {
      const first = run(ask);
      await expect.poll(() => model.requests.some(({ method }) => method === "POST")).toBe(true);
      await copyFile(picture(1), at("in", "a.png"));
      answer();
      expect(summaryOf(await first)).toMatchObject({ read: 1, failed: 0 });
      expect((await rows())[0]).not.toHaveProperty("key");
      await copyFile(picture(0), at("in", "b.png"));
      expect(summaryOf(await run(ask))).toMatchObject({ read: 2, unchanged: 0, same: 0 });
      expect(summaryOf(await run(ask))).toMatchObject({ read: 0, unchanged: 2 });
    } finally {
      await model.close();
    }
  });

  it("goes on behind half a line that a crash has left", async () => {
    await writeInvoices(3);
    await run(INVOICES);
    const whole = await stat(at("results.jsonl"));
    await truncate(at("results.jsonl"), whole.size - 20);
    const { stdout } = await run(INVOICES, "--json");
    expect(JSON.parse(stdout)).toMatchObject({ read: 1, unchanged: 2, warnings: [expect.stringContaining("half a line")] });
    expect(await files()).toEqual(["in/000.xml", "in/001.xml", "in/002.xml"]);
  });
});

describe("a batch that is ended", () => {
  it("by kill -9, again and again, has one row a file in the end and has read none twice", async () => {
    const many = 300;
    await writeInvoices(many);
    for (const seen of [20, 30]) {
      const running = startCli([...INVOICES, "--concurrency", "3"], { cwd: root });
      await untilDone(running, seen);
      running.process.kill("SIGKILL");
      expect((await running.outcome).code).toBe("SIGKILL");
      expect((await rows()).length).toBeGreaterThanOrEqual(seen);
    }
    const before = await readFile(at("results.jsonl"), "utf8");
    const whole = before.slice(0, before.lastIndexOf("\n") + 1);
    const done = whole.split("\n").length - 1;
    expect(done).toBeLessThan(many);
    const { code, stdout } = await run(INVOICES, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ files: many, read: many - done, unchanged: done });
    expect((await readFile(at("results.jsonl"), "utf8")).startsWith(whole)).toBe(true);
    expect(await files()).toEqual((await readdir(at("in"))).map((name) => `in/${name}`).sort());
    expect((await readdir(root)).sort()).toEqual(["in", "results.csv", "results.jsonl"]);
  });

  it.skipIf(!SHOWS_CHILDREN)("by Ctrl-C keeps what is done, ends its children, and says how to go on", async () => {
    await cp(drawn, at("in"), { recursive: true });
    const running = startCli(TEXTS, { cwd: root });
    await untilDone(running, 2);
    const children = await childrenOf(running.process.pid ?? 0);
    running.process.kill("SIGINT");
    const { code, stdout, stderr } = await running.outcome;
    expect(code).toBe(130);
    expect(stderr).toMatch(/sightline: cancelled\n$/);
    const done = (await rows()).length;
    expect(stdout).toContain(`${PICTURES - done} not come to`);
    expect(stdout).toContain("Run the same command again to go on");
    expect((await readFile(at("results.csv"), "utf8")).split("\r\n").length - 2).toBe(done);
    await expect.poll(() => children.filter(isRunning)).toEqual([]);
    expect(summaryOf(await run(TEXTS, "--json"))).toMatchObject({ unchanged: done, read: PICTURES - done });
    expect(await files()).toHaveLength(PICTURES);
  });

  it.skipIf(!SHOWS_CHILDREN)("is not run twice at a time on the same results", async () => {
    await writeInvoices(300);
    const running = startCli(INVOICES, { cwd: root });
    await untilDone(running, 1);
    running.process.kill("SIGSTOP");
    const second = await run(INVOICES);
    expect(second.code).toBe(2);
    expect(second.stderr).toContain(`Another batch (process ${running.process.pid}`);
    running.process.kill("SIGKILL");
    await running.outcome;
  });
});

describe("what a batch cannot do", () => {
  it.each<[string, string[], string]>([
    ["no folder of that name", ["nowhere", "--task", "extract-text", "--out", "r.jsonl"], "nowhere does not exist"],
    ["a pattern that nothing fits", ["in/*.tiff", "--task", "extract-text", "--out", "r.jsonl"], "No file fits in/*.tiff"],
    ["a task that takes no files", ["in", "--task", "summarize-text", "--out", "r.jsonl"], "describe-image"],
    ["an option that the task does not have", ["in", "--task", "extract-text", "--out", "r.jsonl", "--detail", "brief"], "--detail"],
    ["rows that the task does not have", ["in", "--task", "extract-text", "--out", "r.jsonl", "--rows", "lines"], "no table of lines"],
    ["an input that the task does not take", ["in", "--task", "extract-text", "--out", "r.jsonl", "--language", "x"], "language"],
    [
      "results in a folder that is not there",
      ["in", "--task", "extract-text", "--out", "no/r.jsonl"],
      "no/r.jsonl cannot be written (ENOENT)",
    ],
    ["a folder for its results", ["in", "--task", "extract-text", "--out", "in"], "in is a folder"],
  ])("%s: ends with 2 before anything is done", async (_name, args, words) => {
    await copyFile(picture(0), at("in", "a.png"));
    const { code, stderr, stdout } = await runCli(["batch", ...args], { cwd: root });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(words);
    expect(await readdir(root)).toEqual(["in"]);
  });

  it("leaves a file alone that is no results, and a table that is not its own", async () => {
    await writeInvoices(1);
    await writeFile(at("results.jsonl"), "my notes");
    const notes = await run(INVOICES);
    expect(notes).toMatchObject({ code: 2, stderr: expect.stringContaining("Line 1 of results.jsonl is no row of a batch") as string });
    expect(await readFile(at("results.jsonl"), "utf8")).toBe("my notes");
    await writeFile(at("sums.csv"), "1,2");
    const table = await runCli(["batch", "in", "--task", "extract-invoice", "--out", "sums.jsonl"], { cwd: root });
    expect(table).toMatchObject({ code: 2, stderr: expect.stringContaining("sums.csv is there") as string });
    expect(await readFile(at("sums.csv"), "utf8")).toBe("1,2");
    await run(INVOICES, "--out", "bills.jsonl");
    const other = await runCli(["batch", "in", "--task", "describe-image", "--out", "bills.jsonl"], { cwd: root });
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining("holds results of extract_invoice") as string });
  });

  it("an empty folder is nothing to do", async () => {
    expect(await run(TEXTS)).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing to do") as string });
  });
});
