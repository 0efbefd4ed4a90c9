import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { errorOf, runCli, startCli, type Outcome } from "../cli/run-cli.ts";
import { startStandInModel, type StandInModel } from "../model/stand-in-server.ts";
import { pictureParts, textOf, type ChatRequest } from "../model/stand-in-rule.ts";
import { correctThreeBills, NUMBERS, type Corrected } from "./three-bills.ts";
import { MAX_TILES, multimodalChatSet, tilesOf } from "./torchtune-schema.ts";

interface Sample {
  readonly conversations: readonly [{ readonly from: string; readonly value: string }, { readonly from: string; readonly value: string }];
  readonly image: string;
}

interface Report {
  readonly model: unknown;
  readonly before: { readonly accuracy: number };
  readonly now: { readonly accuracy: number; readonly right: number; readonly total: number };
  readonly before_is: string;
  readonly fields: readonly { readonly field: string; readonly before: object; readonly now: object }[];
  readonly answers: readonly { readonly id: string; readonly error?: { readonly kind: string } }[];
  readonly left_out: readonly { readonly id: string; readonly message: string }[];
}

const json = async <Value>(file: string): Promise<Value> => JSON.parse(await readFile(file, "utf8")) as Value;

/** Holds some of three documents back. */
const SPLIT = ["--validation", "0.5", "--seed", "3"];

let root: string;
let corrected: Corrected;
let env: Record<string, string>;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "sightline-training-"));
  env = { XDG_CACHE_HOME: path.join(root, "cache") };
  corrected = await correctThreeBills(root);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const samplesOf = async (set: string): Promise<Sample[]> => {
  const files = (await readdir(set)).filter((name) => /^(?:train|validation)\.json$/.test(name));
  return (await Promise.all(files.map((name) => json<Sample[]>(path.join(set, name))))).flat();
};

describe("sightline export-training", () => {
  let set: string;
  let exported: Outcome;
  beforeAll(async () => {
    set = path.join(root, "set");
    exported = await runCli(["export-training", corrected.folder, "--format", "torchtune", "--out", set, ...SPLIT], { env });
  });

  it("tells what is in it, and names what no prompt asks for", () => {
    expect(exported.code, exported.stderr).toBe(0);
    expect(exported.stdout).toMatch(/^3 corrections: \d samples? to train on, \d held back, for torchtune\./);
    expect(exported.stdout).toContain("invoices[0].type");
  });

  it("writes what torchtune documents", async () => {
    const validate = new Ajv2020({ strict: true, strictTuples: false }).compile(multimodalChatSet);
    const files = (await readdir(set)).filter((name) => /^(?:train|validation)\.json$/.test(name));
    for (const name of files) expect([name, validate(await json(path.join(set, name))), validate.errors]).toEqual([name, true, null]);
    const config = parseYaml(await readFile(path.join(set, "torchtune.yaml"), "utf8")) as Record<string, Record<string, unknown>>;
    expect(config["dataset"]).toEqual({
      _component_: "torchtune.datasets.multimodal.multimodal_chat_dataset",
      source: "json",
      data_files: path.join(set, "train.json"),
      image_dir: set,
      split: "train",
    });
    expect("dataset_val" in config).toBe(files.includes("validation.json"));
  });

  it("has each picture upright, as JPEG or PNG, no larger than the model's four tiles and no smaller than print needs", async () => {
    const samples = await samplesOf(set);
    expect(samples).toHaveLength(3);
    expect(new Set(samples.map(({ image }) => image))).toEqual(
      new Set((await readdir(path.join(set, "images"))).map((name) => `images/${name}`)),
    );
    for (const { image } of samples) {
      const { format, width, height, orientation } = await sharp(path.join(set, image)).metadata();
      expect(["jpeg", "png"]).toContain(format);
      expect(orientation ?? 1).toBe(1);
      expect(tilesOf({ width, height })).toBeLessThanOrEqual(MAX_TILES);
      expect(Math.max(width, height)).toBe(1120);
    }
  });

  it("teaches each value as it is printed, and nothing that is not", async () => {
    const replies = (await samplesOf(set)).map(({ conversations: [, reply] }) => JSON.parse(reply.value) as Record<string, unknown>);
    expect(new Set(replies.map(({ number }) => number))).toEqual(new Set(NUMBERS));
    for (const reply of replies)
      expect(reply).toMatchObject({
        issue_date: "12 March 2026",
        totals_gross: "66.00",
        payment_iban: "GB29 NWBK 6016 1331 9268 19",
        payment_reference: null,
        lines: [{ description: "Claw hammer", net_amount: "21.00" }, { description: "Tenon saw" }],
      });
  });

  it("asks in the very words, and shows the very picture, that a model of that family is sent about a scan", async () => {
    const samples = await samplesOf(set);
    const requests: ChatRequest[] = [];
    const model = await startStandInModel({
      model: "meta-llama/Llama-3.2-11B-Vision-Instruct",
      mode: "verbatim",
      // Its rule: the reply that the set has for the question.
      text: (request) => {
        requests.push(request);
        return samples.find(({ conversations: [asked] }) => asked.value === textOf(request))?.conversations[1].value ?? "{}";
      },
    });
    try {
      const [first = ""] = corrected.ids;
      const place = path.join(corrected.folder, first);
      const page = (await readdir(place)).find((name) => name.includes("-page-")) ?? "";
      const args = ["--backend", "openai-compatible", "--base-url", model.baseUrl, "--model", model.model, "--context", "8192"];
      const { code, stdout, stderr } = await runCli(["extract-invoice", path.join(place, page), "--sources", "model", "--json", ...args], {
        env,
      });
      expect(code, stderr).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ invoices: [{ invoice: { number: NUMBERS[0], totals: { gross: "66.00" } } }] });
      const sample = samples.find(({ image }) => image.includes(first));
      expect(requests.map(textOf)).toEqual([sample?.conversations[0].value]);
      const [shown] = pictureParts(requests[0]);
      const sent = Buffer.from(shown?.image_url.url.split(",")[1] ?? "", "base64");
      expect(sent.equals(await readFile(path.join(set, sample?.image ?? "")))).toBe(true);
    } finally {
      await model.close();
    }
  });

  it("holds nothing back where nothing is to be, and takes the place of an earlier set", async () => {
    const again = path.join(root, "again");
    await cp(set, again, { recursive: true });
    const { code, stdout } = await runCli(
      ["export-training", corrected.folder, "--format", "torchtune", "--out", again, "--json", "--validation", "0"],
      { env },
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ samples: { train: 3, validation: 0 }, left_out: [], warnings: [] });
    expect(await readdir(again)).toEqual(["export.json", "images", "torchtune.yaml", "train.json"]);
    expect((await readdir(root)).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("names what lies there and cannot be taught, with the reason", async () => {
    const mixed = path.join(root, "mixed");
    await mkdir(path.join(mixed, "broken-0000000000000000"), { recursive: true });
    await writeFile(path.join(mixed, "broken-0000000000000000", "correction.json"), "{");
    const old = path.join(mixed, "of-another-version");
    await cp(path.join(corrected.folder, corrected.ids[0] ?? ""), old, { recursive: true });
    const kept = await json<Record<string, unknown>>(path.join(old, "correction.json"));
    await writeFile(path.join(old, "correction.json"), JSON.stringify({ ...kept, output: { bills: [] } }));
    const only = await runCli(["export-training", mixed, "--format", "torchtune", "--out", path.join(root, "none"), "--json"], { env });
    expect([only.code, errorOf(only).message]).toEqual([2, expect.stringContaining("broken-0000000000000000")]);
    const both = await runCli(["evaluate", mixed, "--json"], { env });
    expect([both.code, errorOf(both).message]).toEqual([2, expect.stringContaining("no correction that can be read")]);
    expect(await readdir(root)).not.toContain("none");
  });

  it.each<[string, string[], RegExp]>([
    ["a folder that is not there", ["/nowhere/corrections", "--out", "set"], /\/nowhere\/corrections does not exist/],
    ["a share that is none", [".", "--out", "set", "--validation", "2"], /share from 0 to below 1/],
    ["a seed that is none", [".", "--out", "set", "--seed", "x"], /whole number/],
    ["another format", [".", "--out", "set", "--format", "axolotl"], /torchtune/],
    ["a place for the answer of a task", [".", "--out", "set", "--output", "x.json"], /--output is for the answers of a task/],
  ])("refuses %s", async (_, args, words) => {
    const outcome = await runCli(["export-training", "--format", "torchtune", "--json", ...args], { env });
    expect(outcome.code).toBe(2);
    expect(errorOf(outcome).message).toMatch(words);
  });

  it("leaves a folder alone that holds something else", async () => {
    const outcome = await runCli(
      ["export-training", corrected.folder, "--format", "torchtune", "--out", path.join(root, "bills"), "--json"],
      { env },
    );
    expect([outcome.code, errorOf(outcome).message]).toEqual([2, expect.stringContaining("something else")]);
    expect(await readdir(path.join(root, "bills"))).toEqual(NUMBERS.map((number) => `${number}.pdf`));
  });
});

describe("sightline evaluate", () => {
  const evaluate = async (...args: string[]) => {
    const outcome = await runCli(["evaluate", corrected.folder, "--json", ...args], { env });
    return { ...outcome, report: (outcome.stdout === "" ? undefined : JSON.parse(outcome.stdout)) as Report };
  };
  const withModel = async (
    text: (request: ChatRequest) => string,
    look: (args: string[], model: StandInModel) => Promise<void>,
  ): Promise<void> => {
    const model = await startStandInModel({ mode: "verbatim", text });
    try {
      await look(["--backend", "openai-compatible", "--base-url", model.baseUrl, "--model", model.model], model);
    } finally {
      await model.close();
    }
  };
  /** Its rule: it copies the number behind "Docket", as a person who corrected would. */
  const copies = (request: ChatRequest): string => JSON.stringify({ number: /Docket (\S+)/.exec(textOf(request))?.[1] });
  /** Its rule: it sees nothing. */
  const seesNothing = (): string => JSON.stringify({ number: null });

  it("finds all values right with a model that answers as was corrected, and those of before with one that does not", async () => {
    await withModel(copies, async (args) => {
      const { code, report, stderr } = await evaluate(...args);
      expect(code, stderr).toBe(0);
      expect(report.now).toMatchObject({ accuracy: 1 });
      expect(report.before.accuracy).toBeCloseTo(63 / 66);
      expect(report.fields.find(({ field }) => field === "invoices[].number")).toMatchObject({
        before: { right: 0, total: 3 },
        now: { right: 3, total: 3 },
      });
    });
    await withModel(seesNothing, async (args) => {
      const { report } = await evaluate(...args);
      expect(report.now).toEqual(report.before);
    });
  });

  it("shows people both, and the values that are wrong", async () => {
    const { code, stdout } = await runCli(["evaluate", corrected.folder], { env });
    expect(code).toBe(0);
    expect(stdout).toContain(
      "3 corrected answers: 95.4 % of the values right before (as first answered), 95.4 % now (this machine's own eyes).",
    );
    expect(stdout).toMatch(/^ {2}extract_invoice: invoices\[\]\.number +0\/3 +0\/3$/m);
    expect(stdout).toMatch(/invoices\[\]\.number, 3 of 3 wrong; INV-\d+\.pdf: nothing in the place of "INV-\d+"/);
  });

  it("compares two reports, and names what cannot be compared", async () => {
    const file = path.join(root, "before.json");
    const first = await evaluate();
    const [left, ...answers] = first.report.answers;
    await writeFile(file, JSON.stringify({ ...first.report, answers }));
    await withModel(copies, async (args) => {
      const { report } = await evaluate(...args, "--against", file);
      expect(report).toMatchObject({ before_is: `as in ${file}`, now: { accuracy: 1, total: 66 } });
      expect(report.before).toMatchObject({ right: 42, total: 44 });
      expect(report.left_out).toEqual([{ id: left?.id, message: expect.stringContaining("not compared") }]);
    });
    await writeFile(file, "[]");
    const refused = await runCli(["evaluate", corrected.folder, "--json", "--against", file], { env });
    expect([refused.code, errorOf(refused).message]).toEqual([2, expect.stringContaining("no report of an evaluation")]);
  });

  it("evaluates the side that export-training held back, with the same seed", async () => {
    const { samples } = await json<{ samples: readonly { id: string; side: string }[] }>(path.join(root, "set", "export.json"));
    for (const side of new Set(samples.map((each) => each.side))) {
      const { report } = await evaluate("--only", side, ...SPLIT);
      expect(report.answers.map(({ id }) => id)).toEqual(samples.filter((each) => each.side === side).map(({ id }) => id));
    }
  });

  it("counts an answer that did not come as wrong, and says so by its exit code", async () => {
    const model = await startStandInModel();
    await model.close();
    const { code, report } = await evaluate("--backend", "openai-compatible", "--base-url", model.baseUrl, "--model", model.model);
    expect(report.now).toMatchObject({ right: 0, total: 66 });
    expect(report.answers.map(({ error }) => error?.kind)).toEqual(["SetupError", "SetupError", "SetupError"]);
    expect(code).toBe(3);
  });

  it("can be cancelled", async () => {
    const model = await startStandInModel({ mode: "silent" });
    try {
      const args = ["--backend", "openai-compatible", "--base-url", model.baseUrl, "--model", model.model];
      const running = startCli(["evaluate", corrected.folder, ...args], { env });
      await expect.poll(() => model.requests.some(({ method }) => method === "POST")).toBe(true);
      running.process.kill("SIGINT");
      expect(await running.outcome).toMatchObject({ code: 130, stdout: "", stderr: "sightline: cancelled\n" });
    } finally {
      await model.close();
    }
  });
});
