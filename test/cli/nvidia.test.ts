import { readFile, rm, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CLASSIC_MODEL, type StandInNvidia, type StandInNvidiaOptions, startStandInNvidia } from "../model/stand-in-nvidia.ts";
import { errorOf, type Outcome, type Running, runCli, startCli } from "./run-cli.ts";

const WIDTH = 4000;
const HEIGHT = 3000;

let folder = "";
let photo = "";
let server: StandInNvidia | undefined;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sightline-nvidia-"));
  photo = path.join(folder, "photo.jpg");
  await writeFile(photo, await detailedPhoto());
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** 12 megapixels, as full of detail as leaves and gravel: at 1120 pixels and usual quality still too many bytes for NVIDIA's route. */
async function detailedPhoto(): Promise<Buffer> {
  const detail = await sharp({
    create: { width: WIDTH, height: HEIGHT, channels: 3, background: "gray", noise: { type: "gaussian", mean: 128, sigma: 120 } },
  })
    .blur(2)
    .png({ compressionLevel: 1 })
    .toBuffer();
  const sky = Buffer.from(
    `<svg width="${WIDTH}" height="${HEIGHT}"><linearGradient id="sky" x2="1" y2="1"><stop stop-color="#204080"/><stop offset="1" stop-color="#f0c060"/></linearGradient><rect width="100%" height="100%" fill="url(#sky)"/></svg>`,
  );
  return sharp(sky)
    .composite([{ input: detail, blend: "overlay" }])
    .jpeg({ quality: 90 })
    .toBuffer();
}

async function started(options?: StandInNvidiaOptions): Promise<StandInNvidia> {
  server = await startStandInNvidia(options);
  return server;
}

/** The command line as its users write it. The key comes by the variable that NVIDIA's own documentation names. */
function commandFor(standIn: StandInNvidia, ...more: string[]): Parameters<typeof runCli> {
  const args = ["describe-image", photo, "--backend", "nvidia", "--model", CLASSIC_MODEL, "--base-url", standIn.baseUrl, ...more];
  return [args, { env: { NVIDIA_API_KEY: standIn.apiKey } }];
}

const calls = ({ requests }: StandInNvidia): string[] =>
  requests.map(({ method, path: at }) => `${method} ${at.replace(/\/[\da-f-]{36}.*/, "")}`);
const bodies = ({ requests }: StandInNvidia): Buffer[] =>
  requests.filter(({ path: at }) => at.endsWith("/completions")).map(({ body }) => body);

describe("a photo of 12 megapixels", () => {
  it("goes in a request under 180,000 characters, and its long side stays 1120: quality gives way first", async () => {
    const usual = await sharp(photo).resize(1120).jpeg({ quality: 85 }).toBuffer();
    expect(usual.length).toBeGreaterThan(135_000);
    const standIn = await started();
    const { code, stdout, stderr } = await runCli(...commandFor(standIn));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("1 picture (1120 x 840 jpg)");
    expect(calls(standIn)).toEqual(["POST /v1/chat/completions"]);
    const [body] = bodies(standIn);
    expect(body?.length).toBeLessThan(180_000);
    // Nothing is given away either.
    expect(body?.length).toBeGreaterThan(160_000);
    expect(body?.toString()).toContain('"<img src=\\"data:image/jpeg;base64,');
    expect(standIn.pictures).toMatchObject([{ width: 1120, height: 840 }]);
  });

  it("goes whole with --original: the file's own bytes, as an asset that is deleted", async () => {
    const standIn = await started();
    const { code, stdout, stderr } = await runCli(...commandFor(standIn, "--original"));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`1 picture (${WIDTH} x ${HEIGHT} jpg)`);
    expect(calls(standIn)).toEqual(["POST /v2/nvcf/assets", "PUT /bucket", "POST /v1/chat/completions", "DELETE /v2/nvcf/assets"]);
    expect(standIn.pictures[0]?.bytes.equals(await readFile(photo))).toBe(true);
    expect(bodies(standIn)[0]?.length).toBeLessThan(10_000);
    expect([...standIn.assets]).toEqual([]);
  });
});

describe("the asset is deleted", () => {
  it("when the question fails", async () => {
    const standIn = await started({ chat: "server-error" });
    const outcome = await runCli(...commandFor(standIn, "--original", "--json"));
    expect(outcome.code).toBe(4);
    expect(errorOf(outcome)).toMatchObject({ kind: "ModelError", message: expect.stringContaining("Inference error") as string });
    expect(standIn.deleted).toHaveLength(1);
    expect([...standIn.assets]).toEqual([]);
  });

  /** Presses Ctrl-C once the stand-in has seen such a request. */
  async function cancelled(standIn: StandInNvidia, at: string, running: Running): Promise<void> {
    let early: Outcome | undefined;
    void running.outcome.then((outcome) => (early = outcome));
    await expect.poll(() => (early === undefined ? calls(standIn) : [at]), { timeout: 50_000 }).toContain(at);
    expect(early).toBeUndefined();
    running.process.kill("SIGINT");
    const { code, stdout, stderr } = await running.outcome;
    expect({ code, stdout, said: stderr.trim().split("\n").at(-1) }).toEqual({ code: 130, stdout: "", said: "sightline: cancelled" });
    expect(standIn.deleted).toHaveLength(1);
    expect([...standIn.assets]).toEqual([]);
  }

  it("on Ctrl-C while the answer is waited for", async () => {
    const standIn = await started({ chat: "hold" });
    await cancelled(standIn, "POST /v1/chat/completions", startCli(...commandFor(standIn, "--original")));
  });

  it("on Ctrl-C between two looks at an answer that comes later", async () => {
    const standIn = await started({ pending: Infinity });
    await cancelled(standIn, "GET /v2/nvcf/pexec/status", startCli(...commandFor(standIn, "--original")));
  });

  it("on Ctrl-C during the upload", async () => {
    const standIn = await started({ upload: "hold" });
    await cancelled(standIn, "PUT /bucket", startCli(...commandFor(standIn, "--original")));
    expect(bodies(standIn)).toEqual([]);
  });
});
