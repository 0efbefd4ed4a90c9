import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type HttpServer, startHttpServer } from "../mcp/connect.ts";
import { ffmpeg, noFfmpeg, X264 } from "../video/make-video.ts";
import { example, webhookFlow } from "./flows.ts";
import { connectN8n, CORPORA, type NamedFile } from "./n8n.ts";
import { type Notifications, startNotifications } from "./notifications.ts";

/** A man walks into the picture at 22.8 s and stays; until 6.2 s nobody is there. */
const FILM = path.join(CORPORA, "video/one-by-one-first.mp4");
const CUT = { from: 20, until: 32 };
const ENTERS = 22.8 - CUT.from;

const n8n = connectN8n(inject("n8n"));
const why = noFfmpeg ?? (existsSync(FILM) ? undefined : "the corpora are not there");

describe.skipIf(why !== undefined)(`clips of a camera${why === undefined ? "" : ` (${why})`}`, () => {
  let folder: string;
  let server: HttpServer;
  let notifications: Notifications;
  let credentials: Record<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "sightline-n8n-clips-"));
    ffmpeg(["-ss", String(CUT.from), "-i", FILM, "-t", String(CUT.until - CUT.from), "-an", ...X264, "door.mp4"], folder);
    ffmpeg(["-i", FILM, "-t", "4", "-an", ...X264, "empty.mp4"], folder);
    // No search is done by then: each becomes a job.
    server = await startHttpServer({ args: ["--backend", "none", "--answer-within", "0.05"], env: { XDG_CACHE_HOME: folder } });
    notifications = await startNotifications();
    credentials = { sightlineServerApi: await n8n.credential("clips", "sightlineServerApi", { baseUrl: server.origin, token: "" }) };
  });
  afterAll(async () => {
    await Promise.all([server.close(), notifications.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  async function clip(name: string): Promise<NamedFile> {
    return { name, type: "video/mp4", bytes: await readFile(path.join(folder, name)) };
  }

  it("are searched, and who is told gets the times and the frame; of one that shows nobody nothing is told", async () => {
    const id = await n8n.workflow(example("camera-clip-search", { Notify: { url: notifications.url } }), credentials);
    await n8n.post("sightline-camera", { clip: await clip("empty.mp4") });
    const empty = await n8n.execution(id);
    expect(empty.outputs("Search Clip")[0]?.map(({ json }) => json["matches"])).toEqual([[]]);
    expect(empty.outputs("Notify")).toEqual([]);

    await n8n.post("sightline-camera", { clip: await clip("door.mp4") });
    const seen = await n8n.execution(id, empty.id);
    expect(seen.status, JSON.stringify(seen.error)).toBe("success");
    const [item] = seen.outputs("Search Clip")[0] ?? [];
    const matches = item?.json["matches"] as { start: number; end: number; description: string; frame: string }[];
    expect(item?.json).toMatchObject({ file: "door.mp4", source: "embedded", usage: { calls: 0 }, duration_ms: expect.any(Number) });
    expect(matches.map(({ frame }) => frame)).toEqual(["frame_0"]);
    expect(Math.abs((matches[0]?.start ?? 0) - ENTERS)).toBeLessThanOrEqual(0.5);
    expect(Object.keys(item?.binary ?? {})).toEqual(["frame_0"]);

    expect(notifications.received).toHaveLength(1);
    const [told] = notifications.received;
    expect(told?.fields["message"]).toBe(`door.mp4: ${matches[0]?.start} s to ${matches[0]?.end} s (${matches[0]?.description})`);
    expect([...(told?.files["frame"]?.subarray(0, 2) ?? [])]).toEqual([0xff, 0xd8]);

    const metrics = await (await fetch(`${server.origin}/metrics`)).text();
    expect(metrics).toContain('sightline_tool_calls_total{tool="search_video",outcome="continued"} 2');
  });

  it("that are none go another way, with the reason", async () => {
    const id = await n8n.workflow(
      { ...example("camera-clip-search", { "New Clip": { path: "other-camera" } }), name: "no clip" },
      credentials,
    );
    await n8n.post("other-camera", { clip: { name: "clip.mp4", type: "video/mp4", bytes: Buffer.from("no film, only words") } });
    const execution = await n8n.execution(id);
    expect(execution.outputs("Not Searched")[0]?.map(({ json }) => json)).toEqual([{ why: expect.stringContaining("clip.mp4") }]);
  });

  it("are described", async () => {
    await n8n.workflow(webhookFlow({ webhook: "film", way: "sightlineServerApi", does: "video:describe" }), credentials);
    const { items } = await n8n.post("film", { data: await clip("door.mp4") });
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      summary: expect.stringMatching(/someone|person|man/i),
      duration: expect.closeTo(CUT.until - CUT.from, 0),
    });
    const timeline = items[0]?.["timeline"] as { start: number; end: number }[];
    expect(timeline.some(({ start, end }) => start < ENTERS + 1 && end > ENTERS + 1)).toBe(true);
  });
});
