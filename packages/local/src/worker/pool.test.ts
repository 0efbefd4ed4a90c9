import { isSightlineError, InputError, SetupError, type AnswerError, type ErrorKind, type ModelError } from "@sightline/core/errors";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { LIMITS } from "./limits.ts";
import { createPool, type PoolOptions, type WorkerMode, type WorkerPool } from "./pool.ts";
import { jobs } from "./pool.test-jobs.ts";
import { sourceFlags } from "./run-source.ts";

type Pool = WorkerPool<typeof jobs.table>;

const open: Pool[] = [];
function pool(options: Partial<PoolOptions<typeof jobs.table>> = {}): Pool {
  const created = createPool({ jobs, ...options });
  open.push(created);
  return created;
}
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const BYTES = new Uint8Array([1, 2, 3]);
const within = (changes: Partial<(typeof LIMITS)["image"]>) => ({ ...LIMITS, image: { ...LIMITS.image, ...changes } });

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Resolves with what the job reports first, once it runs. */
function started(run: (onProgress: (message: string) => void) => Promise<unknown>): { where: Promise<string>; result: Promise<unknown> } {
  const {
    promise: where,
    resolve,
    reject,
  } = (() => {
    let resolve!: (value: string) => void;
    let reject!: (error: unknown) => void;
    const promise = new Promise<string>((yes, no) => ((resolve = yes), (reject = no)));
    return { promise, resolve, reject };
  })();
  const result = run(resolve);
  result.catch(reject);
  where.catch(() => {});
  return { where, result };
}

describe.each<WorkerMode>(["process", "thread"])("a pool of workers, each a %s", (mode) => {
  // One pool for all of them: whatever a job did, the next one works.
  const workers = createPool({ jobs, mode });
  afterAll(() => workers.close());

  test("runs a job elsewhere and brings bytes back", async () => {
    const { where, bytes } = await workers.run("where", BYTES);
    expect(where).not.toBe(process.pid);
    expect(new Uint8Array(bytes)).toEqual(BYTES);
  });

  test("uses an idle worker again, and no more workers than allowed", async () => {
    const places = await Promise.all(Array.from({ length: 8 }, () => workers.run("where", BYTES)));
    expect(new Set(places.map(({ where }) => where)).size).toBeLessThanOrEqual(2);
    const again = await workers.run("where", BYTES);
    expect(places.map(({ where }) => where)).toContain(again.where);
  });

  test.each<[ErrorKind, object]>([
    ["InputError", {}],
    ["SetupError", {}],
    ["ModelError", { status: 503, retryable: true, retryAfterSeconds: 7 } satisfies Partial<ModelError>],
    ["AnswerError", { raw: "I can't" } satisfies Partial<AnswerError>],
  ])("%s crosses the border whole", async (kind, more) => {
    const word = { InputError: "in", SetupError: "set", ModelError: "mod", AnswerError: "ans" }[kind];
    await expect(workers.run("fail", kind, { subject: "a.png" })).rejects.toMatchObject({
      kind,
      name: kind,
      message: `a.png: ${word}`,
      hint: `${word} hint`,
      ...more,
    });
  });

  test("code that does not load is the operator's business, and a failure on pixels is a defect of ours", async () => {
    await expect(workers.run("missing", undefined)).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringContaining("sharp"),
    });
    const defect = await workers.run("failOnPixels", undefined, { subject: "a.png" }).catch((error: unknown) => error);
    expect(isSightlineError(defect)).toBe(false);
    expect(defect).toMatchObject({ message: "a.png: undefined is not a page" });
  });

  test("any other error is a picture that cannot be used, with the decoder's reason", async () => {
    const result = workers.run("fail", "TypeError", { subject: "a.png" });
    await expect(result).rejects.toMatchObject({ kind: "InputError", message: "a.png: It could not be worked on: vips has had enough" });
  });

  test("ends a job that does not decode in time, says so, and does the next one", async () => {
    const workers = pool({ mode, maxWorkers: 1, limits: within({ decodeMs: 200 }) });
    const { where, result } = started((onProgress) => workers.run("spin", undefined, { onProgress, subject: "bomb.svg" }));
    await expect(result).rejects.toMatchObject({
      kind: "InputError",
      message: "bomb.svg: Decoding it was stopped after 0.2 s.",
      hint: expect.stringContaining("PNG or JPEG"),
    });
    if (mode === "process") expect(isRunning(Number(await where))).toBe(false);
    await expect(workers.run("where", BYTES)).resolves.toMatchObject({ bytes: expect.anything() });
  });

  test("gives a job that has its pixels the longer deadline, and ends it there", async () => {
    const workers = pool({ mode, limits: within({ decodeMs: 60_000, workMs: 200 }) });
    await expect(workers.run("spinOnPixels", undefined)).rejects.toMatchObject({
      kind: "InputError",
      message: "The work on it was stopped after 0.2 s.",
    });
  });

  test("ends a job that takes too much memory", async () => {
    // Above what a worker needs to come up (a thread counts from its start), far below what the job would take.
    const workers = pool({ mode, maxWorkers: 1, limits: within({ memoryBytes: 300e6 }) });
    await expect(workers.run("grow", undefined, { subject: "big.tif" })).rejects.toMatchObject({
      kind: "InputError",
      message: "big.tif: The work on it was stopped when it took more than 300 MB of memory.",
      hint: expect.stringContaining("Scale the picture down"),
    });
    await expect(workers.run("where", BYTES)).resolves.toBeDefined();
  });

  test("an abort ends the job that runs and rejects with its reason once the worker is gone", async () => {
    const controller = new AbortController();
    const { where, result } = started((onProgress) => workers.run("spin", undefined, { onProgress, signal: controller.signal }));
    const pid = Number(await where);
    const reason = new Error("the user went home");
    controller.abort(reason);
    await expect(result).rejects.toBe(reason);
    if (mode === "process") expect(isRunning(pid)).toBe(false);
    await expect(workers.run("where", BYTES)).resolves.toBeDefined();
  });

  test("an abort takes a waiting job out of the queue and leaves the running one alone", async () => {
    const workers = pool({ mode, maxWorkers: 1 });
    const running = new AbortController();
    const waiting = new AbortController();
    const first = started((onProgress) => workers.run("spin", undefined, { onProgress, signal: running.signal }));
    await first.where;
    const second = workers.run("where", BYTES, { signal: waiting.signal });
    const reason = new Error("changed my mind");
    waiting.abort(reason);
    await expect(second).rejects.toBe(reason);
    running.abort(reason);
    await expect(first.result).rejects.toBe(reason);
  });

  test("a worker that ends by itself is the picture's error, with its last words as the cause", async () => {
    const result = workers.run("crash", mode === "process" ? "signal" : "exit", { subject: "evil.tif" });
    await expect(result).rejects.toMatchObject({
      kind: "InputError",
      message: expect.stringMatching(mode === "process" ? /^evil\.tif: .*SIGSEGV/ : /^evil\.tif: .*exit code 3/),
    });
    if (mode === "process") await expect(result).rejects.toMatchObject({ cause: { message: expect.stringContaining("last words") } });
    await expect(workers.run("where", BYTES)).resolves.toBeDefined();
  });

  test("nothing of our environment reaches a worker but what it needs", async () => {
    vi.stubEnv("SIGHTLINE_API_KEY", "sk-secret");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "aws-secret");
    expect(JSON.stringify(await pool({ mode }).run("environment", undefined))).not.toContain("secret");
  });
});

describe.each<WorkerMode>(["process", "thread"])("sessions, in workers each a %s", (mode) => {
  test("stay where they were opened, are apart from each other, and are closed when they end", async () => {
    const workers = pool({ mode });
    const [a, b] = ["a", "b"].map((key) => ({ session: { key, start: `the bytes of ${key}` } }));
    const first = await workers.run("use", "well", a);
    expect(first).toMatchObject({ start: "the bytes of a", uses: 1 });
    expect(await workers.run("use", "well", a)).toEqual({ ...first, uses: 2 });
    expect(await workers.run("use", "well", b)).toMatchObject({ start: "the bytes of b", uses: 1 });
    workers.endSession("a");
    expect(await workers.run("closed", undefined)).toEqual(["the bytes of a"]);
    expect(await workers.run("use", "well", a)).toMatchObject({ uses: 1 });
  });

  test("are opened again when their worker was ended", async () => {
    const workers = pool({ mode, maxWorkers: 1 });
    const session = { key: "a", start: "a" };
    const { where } = await workers.run("use", "well", { session });
    await expect(workers.run("crash", "exit")).rejects.toThrow(InputError);
    const again = await workers.run("use", "well", { session });
    expect(again.where).not.toBe(where);
    expect(again.uses).toBe(1);
  });

  test("a job that says its worker is worn out is the last one in it", async () => {
    const workers = pool({ mode, maxWorkers: 1 });
    const session = { key: "a", start: "a" };
    const { where } = await workers.run("use", "well", { session });
    await expect(workers.run("use", "trap", { session, subject: "a.pdf" })).rejects.toThrow("a.pdf: trapped");
    expect(await workers.run("use", "well", { session })).not.toMatchObject({ where });
  });

  test("a job that needs one and has none is a mistake of ours", async () => {
    await expect(pool({ mode }).run("use", "well")).rejects.toThrow("needs a session");
  });
});

describe("the queue", () => {
  test("refuses what goes beyond its bound", async () => {
    const workers = pool({ maxWorkers: 1, maxQueued: 1 });
    const controller = new AbortController();
    const { where, result } = started((onProgress) => workers.run("spin", undefined, { onProgress, signal: controller.signal }));
    await where;
    const waiting = workers.run("where", BYTES);
    await expect(workers.run("where", BYTES, { subject: "c.png" })).rejects.toMatchObject({
      kind: "InputError",
      message: "c.png: 1 pictures are waiting already.",
    });
    controller.abort(new Error("done"));
    await expect(result).rejects.toThrow("done");
    await expect(waiting).resolves.toBeDefined();
  });

  test("an already aborted signal starts nothing", async () => {
    await expect(pool().run("where", BYTES, { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow("before");
  });

  test("close ends what runs and what waits", async () => {
    const workers = pool({ maxWorkers: 1 });
    const { where, result } = started((onProgress) => workers.run("spin", undefined, { onProgress }));
    const waiting = workers.run("where", BYTES);
    const pid = Number(await where);
    const ended = [result, waiting].map((each) => each.catch((error: unknown) => error));
    await workers.close();
    expect(await Promise.all(ended)).toEqual([expect.any(SetupError), expect.any(SetupError)]);
    expect(isRunning(pid)).toBe(false);
    await expect(workers.run("where", BYTES)).rejects.toThrow(SetupError);
  });
});

describe("workers come and go", () => {
  test("an idle worker is let go", async () => {
    const { where } = await pool({ mode: "process", idleMs: 1 }).run("where", BYTES);
    await vi.waitFor(() => expect(isRunning(where)).toBe(false), { timeout: 10_000 });
  });

  test("a worker that once held models keeps their bound for a later, smaller job", async () => {
    const limits = { ...LIMITS, image: { ...LIMITS.image, memoryBytes: 1 } };
    const workers = pool({ mode: "process", maxWorkers: 1, limits: { ...limits, image: { ...limits.image, decodeMs: 400 } } });
    await workers.run("heavy", undefined);
    // Ended by its deadline, not by a bound of 1 byte that any process exceeds at the first look.
    await expect(workers.run("spin", undefined)).rejects.toThrow(/Decoding it was stopped/);
    await expect(workers.run("spin", undefined)).rejects.toThrow(/memory/);
  });

  test("a pool that nobody closes lets the program end, and nothing a job prints reaches its stdout", async () => {
    const script = `
      import { createPool } from ${JSON.stringify(new URL("./pool.ts", import.meta.url).href)};
      import { jobs } from ${JSON.stringify(new URL("./pool.test-jobs.ts", import.meta.url).href)};
      const answers = [];
      for (const mode of ["process", "thread"]) answers.push(await createPool({ jobs, mode }).run("print", "noise from " + mode));
      process.stdout.write(JSON.stringify(answers.length));`;
    const { stdout } = await promisify(execFile)(process.execPath, [...sourceFlags(), "--input-type=module", "-e", script], {
      cwd: fileURLToPath(new URL(".", import.meta.url)),
    });
    expect(stdout).toBe("2");
  });
});

describe("where node cannot be started as a child process", () => {
  const node = process.execPath;
  afterEach(() => {
    process.execPath = node;
  });

  // Claude Desktop runs extensions in an Electron process whose executable is no node: it is missing, or starts and ends.
  test.each(["/nonexistent/helper", "/bin/false"])("threads take over (%s)", async (executable) => {
    process.execPath = executable;
    const workers = pool();
    const places = await Promise.all([workers.run("where", BYTES), workers.run("where", BYTES), workers.run("where", BYTES)]);
    expect(places.every(({ where }) => where < 1000)).toBe(true);
  });

  test("a pool told to use processes says what is wrong", async () => {
    process.execPath = "/nonexistent/helper";
    await expect(pool({ mode: "process" }).run("where", BYTES)).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringContaining("ENOENT"),
    });
  });
});

test("a breach is an InputError", async () => {
  await expect(pool({ limits: within({ decodeMs: 50 }) }).run("spin", undefined)).rejects.toBeInstanceOf(InputError);
});
