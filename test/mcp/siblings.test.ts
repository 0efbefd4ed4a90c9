import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { connect, SAMPLES, type Connection, jobEnd } from "./connect.ts";
import { childrenOf, SHOWS_CHILDREN } from "./processes.ts";

const sample = (name: string): string => path.join(SAMPLES, name);

/** Hosts start a server twice and side by side: both have the same folders, settings and cache. */
describe("two copies at once", () => {
  let cache: string;
  let copies: readonly Connection[];
  beforeAll(async () => {
    cache = await mkdtemp(path.join(tmpdir(), "sightline-siblings-"));
    const args = ["--backend", "none", "--allow", SAMPLES, "--cache", "--answer-within", "1"];
    copies = await Promise.all([0, 1].map(() => connect({ args, env: { XDG_CACHE_HOME: cache } })));
  });
  afterAll(async () => {
    await Promise.all(copies.map((copy) => copy.close()));
    await rm(cache, { recursive: true, force: true });
  });

  it("answer the same, save results beside each other's, and follow each other's jobs", async () => {
    const both = async (name: string, input: Record<string, unknown>) => Promise.all(copies.map((copy) => finished(copy, name, input)));
    const [[first, second], read] = await Promise.all([
      both("describe_image", { image: sample("coffee.png"), annotate: true }),
      both("extract_text", { document: sample("receipt.png") }),
    ]);
    expect(first?.annotated).not.toBe(second?.annotated);
    expect({ ...first, annotated: "" }).toEqual({ ...second, annotated: "" });
    expect(read[0]).toEqual(read[1]);
    expect(read[0]?.text).toMatch(/total/i);
    const files = await readdir(path.join(cache, "sightline"), { recursive: true });
    expect(files.filter((name) => name.endsWith("-annotated.jpg") || /annotated-[0-9a-f]{16}\.jpg$/.test(name))).toHaveLength(2);
    expect(files.filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it.skipIf(!SHOWS_CHILDREN)(
    "let their idle workers go, so that the second does not cost what the first does",
    async () => {
      await vi.waitFor(async () => expect((await Promise.all(copies.map(({ pid }) => childrenOf(pid)))).flat()).toEqual([]), {
        timeout: 40_000,
        interval: 200,
      });
    },
    60_000,
  );

  /** The answer, also where it came as a job: asked for at the other copy then. */
  async function finished(copy: Connection, name: string, input: Record<string, unknown>) {
    const { data, text, isError } = await copy.call(name, input);
    expect(isError, text).toBe(false);
    if (data.job_id === undefined) return data;
    const other = copies.find((each) => each !== copy) ?? copy;
    const job = await jobEnd(other, data.job_id);
    expect(job.data.status, job.text).toBe("done");
    return job.data.result;
  }
});
