import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ffmpeg, noFfmpeg, X264 } from "../video/make-video.ts";
import { connect, type Connection, jobEnd } from "./connect.ts";

let folder: string;
let client: Connection;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sightline-mcp-video-"));
  client = await connect({ args: ["--backend", "none", "--allow", folder] });
});
afterAll(async () => {
  await client.close();
  await rm(folder, { recursive: true, force: true });
});

describe("find in video", () => {
  it("is a prompt that names the tool, the video and the question", async () => {
    expect((await client.listPrompts()).map(({ name }) => name)).toContain("find_in_video");
    const words = await client.getPrompt("find_in_video", { video: "/tmp/a.mp4", query: "a person in red" });
    expect(words).toContain('search_video on the video "/tmp/a.mp4" with the query "a person in red"');
  });

  it.skipIf(noFfmpeg !== undefined)("is answered by the tool, an empty answer with what was looked at", async () => {
    ffmpeg(["-f", "lavfi", "-i", "color=gray:size=320x180:rate=10:duration=3", ...X264, "empty.mp4"], folder);
    const { isError, text, data } = await client.call("search_video", { video: path.join(folder, "empty.mp4"), query: "a person in red" });
    expect(isError, text).toBe(false);
    expect(data).toMatchObject({ matches: [], source: "embedded", coverage: { duration: 3, model_calls: 0 } });
    expect(text).toMatch(/^Not found\.$/m);
  });
});

describe.skipIf(noFfmpeg !== undefined)("describe_video", () => {
  const input = (): { video: string; detail: string } => ({ video: path.join(folder, "gray.mp4"), detail: "brief" });
  beforeAll(() => ffmpeg(["-f", "lavfi", "-i", "color=gray:size=320x180:rate=10:duration=3", ...X264, "gray.mp4"], folder));

  it("tells a timeline over the whole video", async () => {
    const { isError, text, data } = await client.call("describe_video", input());
    expect(isError, text).toBe(false);
    expect(data).toMatchObject({ source: "embedded", duration: 3, timeline: [{ start: 0, end: 2.9, description: expect.any(String) }] });
    expect(text).toMatch(/^0:00\.00 to 0:02\.90: Nobody/m);
  });

  it("goes on as a job where it takes longer than clients wait", async () => {
    const hasty = await connect({ args: ["--backend", "none", "--allow", folder, "--answer-within", "0.05"] });
    try {
      const started = await hasty.call("describe_video", input());
      expect(started.data).toEqual({ job_id: expect.any(String) });
      const { data } = await jobEnd(hasty, started.data.job_id);
      expect(data).toMatchObject({ tool: "describe_video", status: "done", result: { timeline: [{ start: 0, end: 2.9 }] } });
    } finally {
      await hasty.close();
    }
  });
});
