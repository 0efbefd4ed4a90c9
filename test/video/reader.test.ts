import type { OpenFile, OpenVideo } from "@sightline/core";
import { createHost, loadSettings, type Host } from "@sightline/local";
import { readFileSync, writeFileSync } from "node:fs";
import { copyFile, mkdtemp, open as openFile, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ffmpeg, frameNumber, noFfmpeg, NUMBERED, X264 } from "./make-video.ts";

let folder: string;
let host: Host;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sightline-video-"));
  host = createHost(await loadSettings({ flags: { allow: [folder], backend: "none" }, env: {} }), {
    env: { XDG_CACHE_HOME: path.join(folder, "cache") },
  });
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

const open: OpenFile[] = [];
afterAll(async () => {
  for (const file of open) await file.close();
});
async function openVideo(name: string, signal = AbortSignal.timeout(50_000)): Promise<OpenVideo> {
  const { input, videos } = await host.context({ signal });
  const file = await input.open(path.join(folder, name), { accept: ["video"] });
  open.push(file);
  return videos.open(file, { signal });
}

async function collect<Each>(all: AsyncIterable<Each>): Promise<Each[]> {
  const list: Each[] = [];
  for await (const each of all) list.push(each);
  return list;
}

/** Colour of the frame's middle, and its size. */
async function look(bytes: Uint8Array) {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  return { data, ...info };
}

const numbered = (name: string, rate: string, seconds: number, ...more: string[]): void =>
  ffmpeg(["-f", "lavfi", "-i", `color=black:size=240x136:rate=${rate}:duration=${seconds}`, "-vf", NUMBERED, ...more, name], folder);

describe.skipIf(noFfmpeg !== undefined)(`videos${noFfmpeg === undefined ? "" : ` (skipped: ${noFfmpeg})`}`, () => {
  it.each([
    ["mp4", X264],
    ["mkv", X264],
    ["ts", X264],
    ["webm", ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"]],
    ["avi", ["-c:v", "mpeg4", "-q:v", "3"]],
  ])("a frame's time is the frame's own: %s", async (extension, codec) => {
    numbered(`numbered.${extension}`, "30000/1001", 12, ...codec, "-g", "60");
    const video = await openVideo(`numbered.${extension}`);
    expect(video).toMatchObject({ width: 240, height: 136 });
    expect(video.frameRate).toBeCloseTo(29.97, 1);
    const few = [0, 0.51, 3.3, 7.77, 11.9];
    const many = Array.from({ length: 60 }, (_, index) => 0.3 + index * 0.19);
    for (const times of [few, many]) {
      const frames = await collect(video.frames(times, { longSide: 240 }));
      expect(frames).toHaveLength(times.length);
      for (const [index, { time, image }] of frames.entries()) {
        expect((frameNumber(await look(image.bytes)) * 1001) / 30_000).toBeCloseTo(time, 2);
        // The first one at or after the time that was asked for.
        expect(time).toBeGreaterThanOrEqual(times[index]! - 0.002);
        expect(time - times[index]!).toBeLessThan(0.036);
      }
    }
  });

  it("samples keyframes, and frames between them where those lie far apart; first and last always", async () => {
    const video = await openVideo("numbered.mp4");
    const keyframes = await collect(video.samples({ start: 0, end: video.duration, gap: 3 }));
    expect(keyframes.map(({ time }) => Math.round(time))).toEqual([0, 2, 4, 6, 8, 10, 12]);
    const closer = await collect(video.samples({ start: 1.3, end: 5.5, gap: 0.5 }));
    expect(closer[0]?.time).toBeCloseTo(1.3, 1);
    expect(closer.at(-1)?.time).toBeCloseTo(5.5, 1);
    closer.slice(1).forEach(({ time }, index) => expect(time - closer[index]!.time).toBeLessThanOrEqual(0.52));
    const last = await collect(video.frames([12, 99], { longSide: 240 }));
    expect(frameNumber(await look(last.at(-1)!.image.bytes))).toBe(359);
    const every = await collect(video.motion({ start: 2, end: 3 }));
    expect(every).toHaveLength(30);
  });

  it("keeps uneven times", async () => {
    // Every frame of the first three seconds, then one in twelve.
    numbered("uneven.mp4", "24", 12, ...X264);
    ffmpeg(["-i", "uneven.mp4", "-vf", "select='lt(t,3)+not(mod(n,12))'", "-vsync", "vfr", ...X264, "vfr.mp4"], folder);
    const video = await openVideo("vfr.mp4");
    const frames = await collect(video.frames([1, 4.2, 9.01], { longSide: 240 }));
    expect(frames.map(({ time }) => time)).toEqual([expect.closeTo(1, 3), expect.closeTo(4.5, 3), expect.closeTo(9.5, 3)]);
    for (const { time, image } of frames) expect(frameNumber(await look(image.bytes)) / 24).toBeCloseTo(time, 3);
  });

  it("turns a phone's video upright", async () => {
    ffmpeg(
      [
        "-f",
        "lavfi",
        "-i",
        "color=blue:size=320x180:rate=10:duration=2",
        "-vf",
        "drawbox=x=0:y=0:w=iw/2:h=ih:t=fill:color=red",
        ...X264,
        "flat.mp4",
      ],
      folder,
    );
    ffmpeg(["-i", "flat.mp4", "-c", "copy", "-metadata:s:v:0", "rotate=90", "phone.mp4"], folder);
    const video = await openVideo("phone.mp4");
    expect(video).toMatchObject({ width: 180, height: 320 });
    const [frame] = await collect(video.frames([1], { longSide: 320 }));
    const { data, width, height, channels } = await look(frame!.image.bytes);
    expect([width, height]).toEqual([180, 320]);
    const top = data.subarray((10 * width + 90) * channels);
    const bottom = data.subarray((310 * width + 90) * channels);
    expect([top[0]! > 200, top[2]! > 200]).not.toEqual([bottom[0]! > 200, bottom[2]! > 200]);
  });

  it("shrinks 8K, and makes narrow pixels square", async () => {
    ffmpeg(["-f", "lavfi", "-i", "testsrc2=size=7680x4320:rate=5:duration=0.4", ...X264, "8k.mp4"], folder);
    const [frame] = await collect((await openVideo("8k.mp4")).frames([0.2], { longSide: 1280 }));
    expect(frame?.image).toMatchObject({ width: 1280, height: 720 });
    ffmpeg(["-f", "lavfi", "-i", "testsrc2=size=720x576:rate=5:duration=1", "-vf", "setsar=64/45", ...X264, "pal.mp4"], folder);
    expect(await openVideo("pal.mp4")).toMatchObject({ width: 1024, height: 576 });
  });

  it("takes a jump between keyframes for no damage", async () => {
    // A transport stream has no index, and frames that refer to ones on both sides.
    const codec = ["-c:v", "libx264", "-preset", "fast", "-pix_fmt", "yuv420p", "-g", "200", "-bf", "3"];
    ffmpeg(["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=30", ...codec, "jumps.ts"], folder);
    const video = await openVideo("jumps.ts");
    const frames = await collect(video.frames([13.2, 21.4, 27], { longSide: 240 }));
    expect(frames.map(({ time }) => time)).toEqual([13.2, 21.4, 27].map((time) => expect.closeTo(time, 2) as number));
    expect(video.damage()).toEqual([]);
  });

  it("reads on behind damage, and says where it was", async () => {
    ffmpeg(["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10:duration=30", ...X264, "-g", "10", "whole.mp4"], folder);
    const bytes = await readFile(path.join(folder, "whole.mp4"));
    bytes.fill(0x5a, Math.floor(bytes.length * 0.5), Math.floor(bytes.length * 0.56));
    await writeFile(path.join(folder, "damaged.mp4"), bytes);
    const video = await openVideo("damaged.mp4");
    const samples = await collect(video.samples({ start: 0, end: video.duration, gap: 1 }));
    expect(samples[0]?.time).toBe(0);
    expect(samples.at(-1)?.time).toBeCloseTo(29.9, 1);
    // Read once more, as looking at frames does.
    await collect(video.frames([0, 3, 12, 20], { longSide: 160 }));
    const [damage, ...more] = video.damage();
    expect(more).toEqual([]);
    expect(damage?.start).toBeGreaterThan(12);
    expect(damage?.end).toBeLessThan(20);
  });

  it("reads what there is of a recording that ends in the middle", async () => {
    ffmpeg(["-i", "whole.mp4", "-c", "copy", "-movflags", "+faststart", "fast.mp4"], folder);
    const bytes = await readFile(path.join(folder, "fast.mp4"));
    await writeFile(path.join(folder, "cut.mp4"), bytes.subarray(0, bytes.length * 0.6));
    const video = await openVideo("cut.mp4");
    expect(video.duration).toBeCloseTo(30, 0);
    const samples = await collect(video.samples({ start: 0, end: video.duration, gap: 2 }));
    expect(samples.at(-1)?.time).toBeGreaterThan(14);
    expect(samples.at(-1)?.time).toBeLessThan(20);
  });

  it.each([
    [
      "sound.mp4",
      "has no pictures: it is sound alone",
      () => ffmpeg(["-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", "sound.mp4"], folder),
    ],
    ["empty.mp4", "is empty (0 bytes)", () => writeFileSync(path.join(folder, "empty.mp4"), "")],
    ["text.mp4", "is text", () => writeFileSync(path.join(folder, "text.mp4"), "Dear Sir,\nno video.")],
    ["list.mp4", "is a playlist (m3u8)", () => writeFileSync(path.join(folder, "list.mp4"), "#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n")],
    [
      "no-index.mp4",
      "is cut off: the index",
      () => {
        const bytes = readFileSync(path.join(folder, "whole.mp4"));
        writeFileSync(path.join(folder, "no-index.mp4"), bytes.subarray(0, bytes.length / 2));
      },
    ],
    [
      "header.mp4",
      "holds no frame that can be decoded",
      async () =>
        ffmpeg(["-i", "whole.mp4", "-c", "copy", "-frames:v", "0", "-movflags", "+empty_moov+frag_keyframe", "header.mp4"], folder),
    ],
  ])("refuses %s: %s", async (name, words, make) => {
    make();
    await expect(openVideo(name)).rejects.toMatchObject({ kind: "InputError", message: expect.stringContaining(words) });
  });

  it("opens no playlist, whatever it is taken for", async () => {
    await copyFile(path.join(folder, "whole.mp4"), path.join(folder, "secret.ts"));
    await writeFile(path.join(folder, "list.m3u8"), "#EXTM3U\n#EXT-X-TARGETDURATION:30\n#EXTINF:30,\nsecret.ts\n#EXT-X-ENDLIST\n");
    const { input, videos } = await host.context({ signal: AbortSignal.timeout(50_000) });
    // The sniffer is passed by: the file is swapped after it was looked at.
    const file = await input.open(path.join(folder, "whole.mp4"), { accept: ["video"] });
    const list = await openFile(path.join(folder, "list.m3u8"));
    open.push(file);
    const swapped = { ...file, name: "list", path: path.join(folder, "list.m3u8"), descriptor: list.fd };
    await expect(videos.open(swapped)).rejects.toMatchObject({ kind: "InputError" });
    await list.close();
  });

  it("ends the decoder when it is cancelled, and when nobody wants more", async () => {
    const cancel = new AbortController();
    const video = await openVideo("whole.mp4");
    const reading = collect(
      (async function* () {
        for await (const each of video.samples({ start: 0, end: 30, gap: 0.1, signal: cancel.signal })) {
          cancel.abort(new Error("enough"));
          yield each;
        }
      })(),
    );
    await expect(reading).rejects.toThrow("enough");
    for await (const _ of video.samples({ start: 0, end: 30, gap: 0.1 })) break;
  });

  it("copies a video that comes as data, and removes the copy", async () => {
    const bytes = await readFile(path.join(folder, "flat.mp4"));
    const { input, videos } = await host.context({ signal: AbortSignal.timeout(50_000) });
    const file = await input.open(`data:video/mp4;base64,${bytes.toString("base64")}`, { accept: ["video"] });
    expect(await videos.open(file)).toMatchObject({ width: 320, height: 180 });
    await file.close();
    await expect(readFile(file.path)).rejects.toMatchObject({ code: "ENOENT" });
  });
});

it("says how ffmpeg is installed where it is missing", async () => {
  const before = process.env["PATH"];
  await writeFile(path.join(folder, "clip.webm"), Buffer.from("GkXfo59ChoEBQveBAULygQRC84EIQoKEd2VibUKHgQRChYEC", "base64"));
  process.env["PATH"] = folder;
  try {
    await expect(openVideo("clip.webm")).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringContaining("not on PATH"),
      hint: expect.stringContaining("Install FFmpeg: "),
    });
  } finally {
    process.env["PATH"] = before;
  }
});
