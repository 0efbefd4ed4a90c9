import { describeVideo, InputError, runTask, searchVideo, type TaskContext } from "@sightline/core";
import { createHost, loadSettings } from "@sightline/local";
import { existsSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createVideoReader } from "../../packages/local/src/media/video/reader.ts";
import { createPool } from "../../packages/local/src/worker/pool.ts";
import { jobs } from "../../packages/local/src/worker-jobs.ts";
import { textOf } from "../model/stand-in-rule.ts";
import { startStandInModel, type StandInModel, type StandInOptions } from "../model/stand-in-server.ts";
import { ffmpeg, noFfmpeg, X264 } from "./make-video.ts";
import { cellsOf, truthTable, type Spans } from "./truth-table.ts";

const CORPORA = process.env["SIGHTLINE_CORPORA"] ?? path.resolve(import.meta.dirname, "../../../shared/corpora");

/** A box comes into a grey scene, moves and goes, twice. */
const TRUTH: Spans = [
  [5.03, 11.31],
  [20.55, 24.02],
];

let folder: string;
let clip: string;
let caches = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sightline-search-"));
  clip = path.join(folder, "box.mp4");
  if (noFfmpeg !== undefined) return;
  const shown = TRUTH.map(([start, end]) => `between(t,${start},${end})`).join("+");
  // It moves to one of three places every second, as people do: no second looks like the one before.
  const places = [60, 200, 340].map(
    (x, place) => `drawbox=x=${x}:y=90:w=60:h=120:t=fill:color=maroon:enable='(${shown})*eq(mod(floor(t),3),${place})'`,
  );
  ffmpeg(
    ["-f", "lavfi", "-i", "color=gray:size=480x270:rate=20:duration=30", "-vf", places.join(), ...X264, "-g", "20", "box.mp4"],
    folder,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

interface Asked {
  readonly server: StandInModel;
  readonly cache: string;
  readonly cancel: AbortController;
  readonly told: string[];
  readonly context: TaskContext;
}

/** This machine's host with the stand-in as its model, or none. */
async function host(standIn: StandInOptions | undefined): Promise<Asked> {
  const cache = path.join(folder, `cache-${caches++}`);
  const server = await startStandInModel(standIn);
  const model = standIn === undefined ? { backend: "none" } : { "base-url": server.baseUrl, model: server.model };
  const machine = createHost(await loadSettings({ flags: { allow: [folder, CORPORA], ...model }, env: {} }), {
    env: { XDG_CACHE_HOME: cache },
  });
  open.push(
    () => machine.close(),
    () => server.close(),
  );
  const cancel = new AbortController();
  const told: string[] = [];
  const context = await machine.context({ signal: cancel.signal, progress: (message) => void told.push(message) });
  return { server, cache, cancel, told, context };
}

const answering = (spans: Spans, model = "llama3.2-vision:11b"): StandInOptions => ({ mode: "verbatim", text: truthTable(spans), model });
const chats = ({ server }: Asked) => server.requests.filter(({ path: route }) => route.endsWith("/chat/completions"));
const search = (asked: Asked, more: Record<string, unknown> = {}) =>
  runTask(searchVideo, { video: clip, query: "a maroon box", ...more }, asked.context);

describe.skipIf(noFfmpeg !== undefined)(`search_video${noFfmpeg === undefined ? "" : ` (skipped: ${noFfmpeg})`}`, () => {
  it.each(["llama3.2-vision:11b", "qwen3-vl:8b"])("finds when a thing comes and goes, with sheets for %s", async (model) => {
    const asked = await host(answering(TRUTH, model));
    const output = await search(asked, { precision_s: 0.2 });
    expect(output).toMatchObject({ source: "model", warnings: [] });
    expect(output.matches).toHaveLength(2);
    for (const [index, { start, end, best_time, frame, description }] of output.matches.entries()) {
      const [from, to] = TRUTH[index]!;
      expect(Math.abs(start - from)).toBeLessThanOrEqual(0.2);
      expect(Math.abs(end - to)).toBeLessThanOrEqual(0.2);
      expect(best_time).toBeGreaterThan(from);
      expect(best_time).toBeLessThan(to);
      expect((await readFile(frame!)).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
      expect(description).toContain("As the table says");
    }
    const requests = chats(asked);
    expect(output.coverage).toMatchObject({ duration: 30, model_calls: requests.length });
    expect(output.coverage.tokens).toBeGreaterThan(0);
    expect(cellsOf(requests[0]!.body)[0]).toEqual({ number: 1, time: 0 });
    expect(requests.every(({ body }) => cellsOf(body).length <= (model.startsWith("llama") ? 12 : 48))).toBe(true);
    // What was kept for a search that is cut off is gone once it is done.
    expect(await readdir(path.join(asked.cache, "sightline", "videos"))).toEqual([]);
  });

  it("says no when nothing shows it, and when a full look takes a hit back", async () => {
    const nothing = await host(answering([]));
    expect((await search(nothing)).matches).toEqual([]);
    const denial = JSON.stringify({ shown: false, confidence: 0.9, description: "A wall." });
    const mistaken = await host({
      mode: "verbatim",
      text: (request) => (textOf(request).includes("one frame") ? denial : truthTable(TRUTH)(request)),
    });
    expect((await search(mistaken)).matches).toEqual([]);
  });

  it("reads answers in words as it reads JSON, at no more calls", async () => {
    const json = await host(answering(TRUTH));
    const words = await host({
      ...answering(TRUTH),
      text: (request) => {
        const said = truthTable(TRUTH)(request);
        const { frames } = JSON.parse(said) as { frames?: number[] };
        if (frames === undefined) return said;
        return frames.length === 0
          ? `None of the ${cellsOf(request).length} frames shows it.`
          : `It can be seen in frames ${frames.join(", ")}.`;
      },
    });
    const spans = ({ matches }: { matches: readonly { start: number; end: number }[] }) => matches.map(({ start, end }) => [start, end]);
    expect(spans(await search(words))).toEqual(spans(await search(json)));
    expect(chats(words)).toHaveLength(chats(json).length);
  });

  it("asks no more than it may, whatever the model sees", async () => {
    const shown = JSON.stringify({ shown: true, confidence: 1, description: "It." });
    const everyOther = await host({
      mode: "verbatim",
      model: "llama3.2-vision:11b",
      text: (request) =>
        textOf(request).includes("one frame")
          ? shown
          : JSON.stringify({
              frames: cellsOf(request).flatMap(({ number }) => (number % 2 === 0 ? [number, number + 1000, -number] : [])),
            }),
    });
    const output = await search(everyOther, { precision_s: 0.02, max_matches: 100 });
    expect(chats(everyOther).length).toBeLessThanOrEqual(12);
    expect(output.coverage.model_calls).toBe(chats(everyOther).length);
    expect(output.warnings.join("\n")).toMatch(/no more than 12 times/);
    for (const { start, end, best_time } of output.matches) {
      expect(start).toBeLessThanOrEqual(best_time);
      expect(end).toBeGreaterThanOrEqual(best_time);
      expect(end).toBeLessThanOrEqual(30);
    }
  });

  it.each(["I'm sorry, I can't help with that.", "", "There are 5 frames.", '```json\n{"frames": "all"}\n```'])(
    "is an AnswerError when the model says %j",
    async (text) => {
      const asked = await host({ mode: "verbatim", text, model: "llama3.2-vision:11b" });
      await expect(search(asked)).rejects.toMatchObject({ kind: "AnswerError" });
      expect(chats(asked).length).toBeLessThanOrEqual(12);
    },
  );

  it("looks at the part between from and to alone", async () => {
    const asked = await host(answering(TRUTH));
    const output = await search(asked, { from: 8, to: 15 });
    expect(output.matches).toEqual([expect.objectContaining({ start: 8 })]);
    expect(Math.abs(output.matches[0]!.end - 11.31)).toBeLessThanOrEqual(0.5);
    const times = chats(asked).flatMap(({ body }) => cellsOf(body).map(({ time }) => time));
    expect(Math.min(...times)).toBe(8);
    expect(Math.max(...times)).toBeLessThanOrEqual(15);
  });

  it("says before it starts what it will take, and asks nothing", async () => {
    const asked = await host(answering(TRUTH));
    const planned = await search(asked, { estimate: true });
    expect(planned.matches).toEqual([]);
    expect(chats(asked)).toEqual([]);
    const { frames = Infinity, model_calls = Infinity, tokens = 0 } = planned.estimate ?? {};
    expect(tokens).toBeGreaterThan(0);
    const done = await search(asked);
    expect(done.coverage.model_calls).toBeGreaterThanOrEqual(model_calls);
    expect(done.coverage.frames_seen).toBeGreaterThanOrEqual(frames);
  });

  it("goes on after a crash from what was already answered", async () => {
    const asked = await host({ ...answering(TRUTH), mode: ["verbatim", "verbatim", "forbidden", "verbatim"] });
    await expect(search(asked)).rejects.toMatchObject({ name: expect.stringMatching(/^(?:ModelError|SetupError)$/) });
    expect((await search(asked)).matches).toHaveLength(2);
    const whole = await host(answering(TRUTH));
    await search(whole);
    const words = (all: Asked) => chats(all).map(({ body }) => textOf(body));
    // The third question failed and was asked again; the two before it were not.
    expect(words(asked).slice(3)).toEqual(words(whole).slice(2));
  });

  it("ends when it is cancelled", async () => {
    const asked = await host(answering(TRUTH));
    const cancelled = { ...asked.context, progress: () => asked.cancel.abort(new Error("stop")) };
    await expect(runTask(searchVideo, { video: clip, query: "a maroon box" }, cancelled)).rejects.toThrow("stop");
  });

  it.each([
    [{ query: "   " }, "query is empty"],
    [{ from: 5, to: 5 }, "from (5 s) is not before to (5 s)"],
    [{ from: 31 }, "is behind the end"],
    [{ video: "/etc/hostname" }, "is not inside an allowed folder"],
  ])("refuses %j", async (wrong, words) => {
    await expect(search(await host(answering(TRUTH)), wrong)).rejects.toMatchObject({
      kind: "InputError",
      message: expect.stringContaining(words),
    });
  });

  it("needs a model for what this machine does not know, and says which words it cannot judge", async () => {
    const alone = await host(undefined);
    await expect(search(alone)).rejects.toMatchObject({ kind: "SetupError" });
    const output = await search(alone, { query: "a short-haired man wearing blue jeans", to: 4 });
    expect(output).toMatchObject({ matches: [], source: "embedded" });
    expect(output.warnings.join()).toMatch(/Not judged.*short-haired/);
  });

  it("tells the color of a thing with this machine's own eyes", async (test) => {
    const bus = path.join(CORPORA, "photos", "bus.jpg");
    if (!existsSync(bus)) test.skip("needs the corpora: SIGHTLINE_CORPORA names their folder");
    const video = path.join(folder, "bus.mp4");
    ffmpeg(["-loop", "1", "-i", bus, "-t", "2", "-r", "5", ...X264, video], folder);
    const alone = await host(undefined);
    const blue = await runTask(searchVideo, { video, query: "a blue bus" }, alone.context);
    expect(blue).toMatchObject({ matches: [{ start: 0, description: "a bus" }], warnings: [expect.stringContaining("No model")] });
    expect((await runTask(searchVideo, { video, query: "a red bus" }, alone.context)).matches).toEqual([]);
  }, 120_000);

  it("finds a stay of a second, and parts two stays by a short gap", async (test) => {
    const people = path.join(CORPORA, "video", "one-by-one-first.mp4");
    if (!existsSync(people)) test.skip("needs the corpora: SIGHTLINE_CORPORA names their folder");
    const cut = (from: number, seconds: number, name: string) =>
      ffmpeg(["-ss", `${from}`, "-t", `${seconds}`, "-i", people, ...X264, "-an", name], folder);
    cut(46, 3, "empty.mp4");
    cut(46, 1.5, "gap.mp4");
    cut(30, 1, "second.mp4");
    cut(31, 3, "longer.mp4");
    const parts = ["empty", "empty", "second", "gap", "longer", "empty"];
    writeFileSync(path.join(folder, "parts.txt"), parts.map((part) => `file ${part}.mp4\n`).join(""));
    ffmpeg(["-f", "concat", "-i", "parts.txt", ...X264, "stays.mp4"], folder);
    const alone = await host(undefined);
    const { matches } = await runTask(searchVideo, { video: path.join(folder, "stays.mp4"), query: "a person in black" }, alone.context);
    const truth = [
      [6, 7],
      [8.5, 11.5],
    ] as const;
    expect(matches).toHaveLength(truth.length);
    for (const [index, [start, end]] of truth.entries()) {
      expect(Math.abs(matches[index]!.start - start)).toBeLessThanOrEqual(0.5);
      expect(Math.abs(matches[index]!.end - end)).toBeLessThanOrEqual(0.5);
    }
  }, 120_000);

  it("finds people and what they wear with this machine's own eyes", async (test) => {
    const people = path.join(CORPORA, "video", "one-by-one-first.mp4");
    if (!existsSync(people)) test.skip("needs the corpora: SIGHTLINE_CORPORA names their folder");
    const alone = await host(undefined);
    const part = { video: people, from: 14, to: 27 };
    const output = await runTask(searchVideo, { ...part, query: "person dressed in black" }, alone.context);
    expect(output.matches).toEqual([expect.objectContaining({ end: 27, description: expect.stringContaining("black") })]);
    expect(Math.abs(output.matches[0]!.start - 22.8)).toBeLessThanOrEqual(0.5);
    // What was detected is remembered for the next question: nothing is looked at again.
    const gray = await runTask(searchVideo, { ...part, query: "person in gray" }, { ...alone.context, detector: { detect: neverAgain } });
    expect(gray.matches).toEqual([expect.objectContaining({ start: 14 })]);
    expect(Math.abs(gray.matches[0]!.end - 19.8)).toBeLessThanOrEqual(0.5);
  });
});

describe.skipIf(noFfmpeg !== undefined)("frames that cannot be looked at", () => {
  /** The rule: what a worker says of a picture that it does not decode in time, about every frame from `from` on. */
  const tooSlow = (context: TaskContext, from: number): TaskContext["detector"] => ({
    detect(image, options = {}) {
      if (Number(/at (\d+\.\d+) s/.exec(options.name ?? "")?.[1]) < from) return context.detector.detect(image, options);
      return Promise.reject(new InputError(`${options.name}: Decoding it was stopped after 8 s.`));
    },
  });

  it("are no answer when there are no others", async () => {
    const { context } = await host(undefined);
    const blind = { ...context, detector: tooSlow(context, 0) };
    const refusal = {
      kind: "InputError",
      message: expect.stringMatching(/^No frame of box\.mp4 could be looked at\..*Decoding it was stopped/),
    };
    await expect(runTask(describeVideo, { video: clip }, blind)).rejects.toMatchObject(refusal);
    await expect(runTask(searchVideo, { video: clip, query: "a person" }, blind)).rejects.toMatchObject(refusal);
  });

  it("are counted and named when there are others", async () => {
    const { context } = await host(undefined);
    const output = await runTask(describeVideo, { video: clip, to: 12 }, { ...context, detector: tooSlow(context, 8) });
    expect(output.timeline.at(-1)?.end).toBeLessThan(8);
    expect(output.coverage.frames_unread).toBeGreaterThan(1);
    const words = `${output.coverage.frames_unread} frames \\(at 0:0[89].*\\) could not be looked at, and what shows there may have been missed.*stopped after 8 s`;
    expect(output.warnings).toContainEqual(expect.stringMatching(words));
  });

  it("are passed by and named: a decoder that is stuck, in the middle of good frames", async () => {
    // A frame that takes seconds to decode, among those that take none.
    const jpeg2000 = ["-c:v", "jpeg2000", "-pix_fmt", "yuv420p"];
    ffmpeg(["-f", "lavfi", "-i", "color=gray:size=160x90:rate=5:duration=12", ...jpeg2000, "quick.mov"], folder);
    ffmpeg(["-f", "lavfi", "-i", "color=gray:size=3200x3200:rate=5,noise=alls=100", "-frames:v", "1", ...jpeg2000, "slow.mov"], folder);
    writeFileSync(path.join(folder, "list.txt"), "file quick.mov\nfile slow.mov\nfile quick.mov\n");
    ffmpeg(["-f", "concat", "-i", "list.txt", "-c", "copy", "stuck.mkv"], folder);
    const alone = await host(undefined);
    const pool = createPool({ jobs });
    open.push(() => pool.close());
    const observations = { folder: path.join(alone.cache, "own"), version: async () => "test" };
    const context = { ...alone.context, videos: createVideoReader(pool, observations, 2_000) };

    const output = await runTask(describeVideo, { video: path.join(folder, "stuck.mkv"), detail: "brief" }, context);
    // Where it goes on depends on how busy the machine is.
    expect(output.timeline.length).toBeGreaterThan(0);
    expect(output.warnings.join("\n")).toMatch(/damaged between 0:/);
  }, 120_000);

  it("are passed by and named: bytes that are damaged in the middle", async () => {
    const bytes = await readFile(clip);
    bytes.fill(0x5a, Math.floor(bytes.length * 0.5), Math.floor(bytes.length * 0.6));
    await writeFile(path.join(folder, "damaged.mp4"), bytes);
    const alone = await host(undefined);
    const { timeline, warnings } = await runTask(
      describeVideo,
      { video: path.join(folder, "damaged.mp4"), detail: "brief" },
      alone.context,
    );
    expect(timeline[0]?.start).toBe(0);
    expect(timeline.at(-1)?.end).toBeGreaterThan(29);
    expect(warnings.join("\n")).toMatch(/damaged between/);
  });
});

const neverAgain = async (): Promise<never> => {
  throw new Error("It was looked at again.");
};

describe.skipIf(noFfmpeg !== undefined)("describe_video", () => {
  /** The rule: every question's frames are one part, and the summary counts the notes. */
  const rule: StandInOptions = {
    mode: "verbatim",
    model: "llama3.2-vision:11b",
    text: (request) => {
      const cells = cellsOf(request);
      if (cells.length === 0)
        return JSON.stringify({ summary: `Notes in ${/0:00.*/s.exec(textOf(request))?.[0].split("\n").length} lines.` });
      return JSON.stringify({ parts: [{ first: 1, last: cells.length, description: `${cells.length} frames from ${cells[0]!.time} s.` }] });
    },
  };

  it("makes a timeline from sheets, and a summary from that", async () => {
    const asked = await host(rule);
    const output = await runTask(describeVideo, { video: clip, detail: "standard" }, asked.context);
    expect(output).toMatchObject({ source: "model", duration: 30, width: 480, height: 270 });
    expect(output.timeline).toHaveLength(chats(asked).length - 1);
    expect(output.summary).toMatch(/^Notes in \d+ lines\.$/);
    expect(output.timeline[0]?.start).toBe(0);
    expect(output.timeline.at(-1)?.end).toBeCloseTo(29.95, 2);
  });

  it("says what was detected, and that nothing was", async () => {
    const alone = await host(undefined);
    const output = await runTask(describeVideo, { video: clip, detail: "brief", to: 4 }, alone.context);
    expect(output.summary).toMatch(/No people, vehicles or animals were detected/);
    expect(output.timeline).toEqual([
      { start: 0, end: expect.closeTo(4, 1) as number, description: "Nobody and nothing that moves was detected." },
    ]);
    expect(output.warnings[0]).toContain("No model was used");
  });
});
