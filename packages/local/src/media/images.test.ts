import type { ImageCodec } from "@sightline/core";
import { InputError } from "@sightline/core/errors";
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, describe, expect, test, vi } from "vitest";
import { LIMITS } from "../worker/limits.ts";
import { jobs } from "../worker-jobs.ts";
import { createPool } from "../worker/pool.ts";
import { createImageCodec } from "./images.ts";

const pool = createPool({ jobs });
const images = createImageCodec(pool);
afterAll(() => pool.close());

const CORPORA = process.env["SIGHTLINE_CORPORA"] ?? "../shared/corpora";
const NO_CORPORA = `no corpora at ${path.resolve(CORPORA)}: set SIGHTLINE_CORPORA to the folder that holds exif/ and broken-images/`;

/** HEVC, 96 x 64: left red, right blue, a white corner at the top left. Stored lying on its side with an `irot` of 90 degrees, as phones write it. */
const HEIC = Buffer.from(
  "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAUxtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAAAAAAABAAAAImlsb2MAAAAAREAAAQABAAAAAAFmAAEAAAAKAAAAUAAAACNpaW5mAAAAAAABAAAAFWluZmUCAAAAAAEAAGh2YzEAAAAAzGlwcnAAAACtaXBjbwAAAHhodmNDAQNwAAAAAAAAAAAAHvAA/P34+AAADwMgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQCEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoCCBhZbqSSmubgQEDAgAAAMACAAAAwAIQCIAAQAHRAHBcrAiQAAAABRpc3BlAAAAAAAAAEAAAABgAAAAEHBpeGkAAAAAAwgICAAAAAlpcm90AQAAABdpcG1hAAAAAAAAAAEAAQSBAoOEAAAAWG1kYXQAAABMKAGvE4B41YXIv//3OUf/vI54fiwe8iYxf79IH3kX1/36HKeEJtnbE8a9CpEC3skw1SYA13Z5SjhbJi15/5GyY+FMJ/zh5qhARFlr2A==",
  "base64",
);

const svg = (inside: string, width = 60, height = 40): Buffer =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}">${inside}</svg>`,
  );

/** Left red, right blue. */
const HALVES = svg('<rect width="30" height="40" fill="#f00"/><rect x="30" width="30" height="40" fill="#00f"/>');

async function pixel(image: Uint8Array, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
  return [...data.subarray((y * info.width + x) * info.channels, (y * info.width + x) * info.channels + 3)];
}

function near(actual: readonly number[], expected: readonly number[], tolerance = 12): void {
  actual.forEach((value, index) =>
    expect(Math.abs(value - expected[index]!), `${actual.join()} is not ${expected.join()}`).toBeLessThanOrEqual(tolerance),
  );
}

/** A PNG of 1 bit a pixel, all black: whatever its size, a few KB. */
function blackPng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const rows = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height), { level: 9 });
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", rows),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

describe("what comes out", () => {
  test("an animated GIF: its first frame", async () => {
    const frames = Buffer.concat([
      Buffer.alloc(20 * 20 * 3, Buffer.from([255, 0, 0])),
      Buffer.alloc(20 * 20 * 3, Buffer.from([0, 0, 255])),
    ]);
    const gif = await sharp(frames, { raw: { width: 20, height: 40, channels: 3, pageHeight: 20 } })
      .gif({ delay: [100, 100] })
      .toBuffer();
    expect((await sharp(gif).metadata()).pages).toBe(2);
    const { bytes, width, height } = await images.prepare(gif);
    expect([width, height]).toEqual([20, 20]);
    near(await pixel(bytes, 10, 10), [255, 0, 0]);
  });

  test("alpha: flattened on white, never on black", async () => {
    const png = await sharp(svg('<rect width="30" height="40" fill="#f00" fill-opacity="0.5"/>')).png().toBuffer();
    const { bytes } = await images.prepare(png);
    near(await pixel(bytes, 10, 20), [255, 127, 127]);
    near(await pixel(bytes, 50, 20), [255, 255, 255]);
  });

  test.each<[string, () => Promise<Buffer>]>([
    ["a CMYK JPEG", () => sharp(HALVES).flatten().toColourspace("cmyk").jpeg({ quality: 95 }).toBuffer()],
    ["a 16-bit PNG", () => sharp(HALVES).toColourspace("rgb16").png().toBuffer()],
    ["a palette PNG", () => sharp(HALVES).png({ palette: true, colours: 4 }).toBuffer()],
    ["a WebP", () => sharp(HALVES).webp({ quality: 95 }).toBuffer()],
    ["an AVIF", () => sharp(HALVES).avif({ quality: 90, effort: 0 }).toBuffer()],
    ["a TIFF", () => sharp(HALVES).tiff().toBuffer()],
    ["an SVG", async () => HALVES],
  ])("%s: sRGB, 8 bits", async (_name, make) => {
    const { bytes, width, height, warnings } = await images.prepare(await make());
    expect([width, height, warnings]).toEqual([60, 40, []]);
    const [red, , blue] = await pixel(bytes, 10, 20);
    expect(red! - blue!).toBeGreaterThan(120);
    const [otherRed, , otherBlue] = await pixel(bytes, 50, 20);
    expect(otherBlue! - otherRed!).toBeGreaterThan(80);
  });

  test("a grey picture: three equal channels", async () => {
    const grey = await sharp({ create: { width: 8, height: 8, channels: 3, background: "#808080" } })
      .toColourspace("b-w")
      .png()
      .toBuffer();
    expect((await sharp(grey).metadata()).channels).toBe(1);
    near(await pixel((await images.prepare(grey, { maxBytes: 50_000 })).bytes, 4, 4), [128, 128, 128], 3);
  });

  test("HEIC: decoded, its own rotation applied once", async () => {
    const { bytes, width, height, original } = await images.prepare(HEIC);
    expect([width, height]).toEqual([96, 64]);
    expect(original).toEqual({ width: 96, height: 64 });
    near(await pixel(bytes, 6, 6), [255, 255, 255], 20);
    near(await pixel(bytes, 10, 50), [208, 32, 32], 20);
    near(await pixel(bytes, 90, 6), [32, 64, 208], 20);
  });

  test("BMP: decoded", async () => {
    // 2 x 1, 24 bits: red, blue, two bytes of padding.
    const bmp = Buffer.from(
      "424d3e0000000000000036000000280000000200000001000000010018000000000008000000130b0000130b000000000000000000000000ffff00000000",
      "hex",
    );
    const { bytes, width, height } = await images.prepare(bmp);
    expect([width, height]).toEqual([2, 1]);
    const [red, , blue] = await pixel(bytes, 0, 0);
    expect(red).toBeGreaterThan(blue!);
  });

  test("an SVG loads nothing from outside itself", async () => {
    const secret = path.resolve(import.meta.dirname, "../../../../package.json");
    const linked = svg(
      `<rect width="60" height="40" fill="#0f0"/><image width="60" height="40" xlink:href="file://${secret}"/><script>throw 1</script>`,
    );
    near(await pixel((await images.prepare(linked)).bytes, 30, 20), [0, 255, 0]);
  });

  test("EXIF orientation counts for size, crop and pixels", async () => {
    // Stored lying on its side, to be turned by 90 degrees clockwise.
    const jpeg = await sharp(HALVES).flatten().rotate(-90).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer();
    expect(await images.size(jpeg)).toEqual({ width: 60, height: 40 });
    const right = await images.prepare(jpeg, { crop: { x: 35, y: 5, width: 20, height: 10 } });
    expect([right.width, right.height, right.original]).toEqual([20, 10, { width: 60, height: 40 }]);
    near(await pixel(right.bytes, 10, 5), [0, 0, 255]);
  });

  test("a crop is clamped to the picture, and one beside it is the caller's error", async () => {
    const { width, height } = await images.prepare(HALVES, { crop: { x: 50, y: 30, width: 100, height: 100 } });
    expect([width, height]).toEqual([10, 10]);
    await expect(images.prepare(HALVES, { crop: { x: 60, y: 0, width: 5, height: 5 }, name: "a.svg" })).rejects.toMatchObject({
      kind: "InputError",
      message: expect.stringMatching(/^a\.svg: The part at 60, 0/),
    });
  });

  test("fits the longest side, and never enlarges", async () => {
    const big = await sharp({ create: { width: 400, height: 900, channels: 3, background: "#777" } })
      .png()
      .toBuffer();
    expect(await images.prepare(big, { longSide: 300 })).toMatchObject({ width: 133, height: 300, original: { width: 400, height: 900 } });
    expect(await images.prepare(HALVES, { longSide: 300 })).toMatchObject({ width: 60, height: 40 });
  });

  test("fits a budget of bytes: quality gives way before the size does", async () => {
    const noise = await sharp({
      create: { width: 640, height: 480, channels: 3, background: "#777", noise: { type: "gaussian", mean: 128, sigma: 30 } },
    })
      .png()
      .toBuffer();
    const free = await images.prepare(noise);
    const half = await images.prepare(noise, { maxBytes: Math.round(free.bytes.length / 2) });
    expect(half.bytes.length).toBeLessThanOrEqual(free.bytes.length / 2);
    expect(half.bytes.length).toBeGreaterThan((free.bytes.length / 2) * 0.9);
    expect(half.width).toBe(640);
    const tiny = await images.prepare(noise, { maxBytes: 3000 });
    expect(tiny.bytes.length).toBeLessThanOrEqual(3000);
    expect(tiny.width).toBeLessThan(640);
  });
});

describe("unshrunk", () => {
  const exif = { IFD0: { Copyright: "kept" } };

  test.each<[string, () => Promise<Buffer>, string]>([
    ["a JPEG", () => sharp(HALVES).flatten().withExif(exif).jpeg().toBuffer(), "image/jpeg"],
    ["a JPEG that says it is upright", () => sharp(HALVES).flatten().withMetadata({ orientation: 1 }).jpeg().toBuffer(), "image/jpeg"],
    ["a PNG", () => sharp(HALVES).png().toBuffer(), "image/png"],
  ])("%s: its own bytes, with all that is in them", async (_name, make, mediaType) => {
    const bytes = await make();
    const image = await images.original(bytes);
    expect(image.bytes).toBe(bytes);
    expect(image).toMatchObject({ mediaType, width: 60, height: 40, original: { width: 60, height: 40 }, warnings: [] });
  });

  test.each<[string, () => Promise<Buffer>]>([
    ["a JPEG on its side", () => sharp(HALVES).flatten().rotate(-90).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer()],
    ["a WebP", () => sharp(HALVES).webp({ quality: 95 }).toBuffer()],
    ["an SVG", async () => HALVES],
  ])("%s: an upright JPEG of full size", async (_name, make) => {
    const image = await images.original(await make());
    expect(image).toMatchObject({ mediaType: "image/jpeg", width: 60, height: 40, original: { width: 60, height: 40 } });
    expect(await sharp(image.bytes).metadata()).toMatchObject({ format: "jpeg", width: 60, height: 40 });
    near(await pixel(image.bytes, 10, 20), [255, 0, 0], 20);
    near(await pixel(image.bytes, 50, 20), [0, 0, 255], 20);
  });

  test("a damaged JPEG whose pixels can be had: those, and a warning", async () => {
    const noise = { type: "gaussian" as const, mean: 128, sigma: 30 };
    const jpeg = await sharp({ create: { width: 300, height: 200, channels: 3, background: "#777", noise } })
      .jpeg()
      .toBuffer();
    const half = jpeg.length >> 1;
    const stray = Buffer.concat([jpeg.subarray(0, half), Buffer.from([0xff, 0xd3]), jpeg.subarray(half)]);
    const image = await images.original(stray);
    expect(image.bytes).not.toBe(stray);
    expect(image).toMatchObject({ width: 300, height: 200, warnings: [expect.stringMatching(/^The picture is damaged/)] });
  });

  test("what cannot be decoded is refused by name", async () => {
    const cut = (await sharp(blackPng(900, 700)).jpeg().toBuffer()).subarray(0, 1500);
    await expect(images.original(cut, { name: "x.jpg" })).rejects.toMatchObject({
      kind: "InputError",
      message: expect.stringMatching(/^x\.jpg: It cannot be decoded/),
    });
  });
});

describe("drawing", () => {
  const WHITE = { create: { width: 800, height: 600, channels: 3 as const, background: "#fff" } };

  test("boxes and labels stand where they should, at full size", async () => {
    const png = await sharp(WHITE).png().toBuffer();
    const { bytes, width, height } = await images.annotate(png, [
      { label: "dog <b>&amp;", box: { x: 300, y: 200, width: 200, height: 150 } },
    ]);
    expect([width, height]).toEqual([800, 600]);
    // The first colour of the palette: frame on the box's edge, white inside and outside.
    near(await pixel(bytes, 300, 300), [230, 159, 0], 40);
    near(await pixel(bytes, 400, 349), [230, 159, 0], 40);
    near(await pixel(bytes, 400, 280), [255, 255, 255], 6);
    near(await pixel(bytes, 290, 280), [255, 255, 255], 6);
    // The label's ground is above the box, and dark letters stand on it.
    const label = await sharp(bytes).extract({ left: 300, top: 176, width: 60, height: 22 }).greyscale().raw().toBuffer();
    expect(label.filter((value) => value < 60).length).toBeGreaterThan(60);
    expect(label.filter((value) => value > 130 && value < 200).length).toBeGreaterThan(300);
  });

  test("labels are the same on a machine without any font, and differ with their text", async () => {
    const png = await sharp(WHITE).png().toBuffer();
    const draw = async (codec: ImageCodec, label: string) =>
      (await codec.annotate(png, [{ label, box: { x: 10, y: 100, width: 300, height: 80 } }])).bytes;
    const here = await draw(images, "Straße 12,50 €");
    expect(Buffer.compare(here, await draw(images, "Straße 12,58 €"))).not.toBe(0);
    vi.stubEnv("FONTCONFIG_FILE", "/dev/null");
    const fontless = createPool({ jobs, maxWorkers: 1 });
    expect(Buffer.compare(here, await draw(createImageCodec(fontless), "Straße 12,50 €"))).toBe(0);
    vi.unstubAllEnvs();
    await fontless.close();
  });

  test("boxes outside the picture are left out, those across its edge are cut", async () => {
    const png = await sharp(WHITE).png().toBuffer();
    const { bytes } = await images.annotate(png, [
      { label: "", box: { x: 900, y: 0, width: 50, height: 50 } },
      { label: "", box: { x: 700, y: 500, width: 500, height: 500 } },
    ]);
    const { data } = await sharp(bytes).greyscale().raw().toBuffer({ resolveWithObject: true });
    near([data[599 * 800 + 750]!], [165], 60);
  });

  test("a sheet tiles every picture under its label", async () => {
    const tile = async (background: string) => ({
      image: await sharp({ create: { width: 300, height: 200, channels: 3, background } })
        .png()
        .toBuffer(),
      label: background,
    });
    const sheet = await images.sheet(await Promise.all(["#f00", "#0f0", "#00f"].map(tile)), { longSide: 500 });
    expect(Math.max(sheet.width, sheet.height)).toBeLessThanOrEqual(500);
    near(await pixel(sheet.bytes, 100, 80), [255, 0, 0], 20);
    near(await pixel(sheet.bytes, 400, 80), [0, 255, 0], 20);
    near(await pixel(sheet.bytes, 100, sheet.height - 40), [0, 0, 255], 20);
    await expect(images.sheet([await tile("#f00"), { image: Buffer.from("nothing"), label: "page 2" }])).rejects.toMatchObject({
      kind: "InputError",
      message: expect.stringMatching(/^page 2: It is no picture/),
    });
  });
});

/** Ten times ten times … the same ten letters. */
function entityBomb(): Buffer {
  const letters = [..."abcdefghij"];
  const entities = letters.map((name, at) => `<!ENTITY ${name} "${(at === 0 ? "x" : `&${letters[at - 1]};`).repeat(10)}">`).join("");
  return Buffer.from(
    `<?xml version="1.0"?><!DOCTYPE svg [${entities}]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&j;</text></svg>`,
  );
}

describe("what cannot be decoded is an InputError that says what it is", () => {
  const text = Buffer.from("Dear Sir or Madam,\nplease find attached.\n");
  test.each<[string, () => Promise<Buffer> | Buffer, RegExp]>([
    ["zero bytes", () => Buffer.alloc(0), /^x\.jpg: It is empty \(0 bytes\)\.$/],
    ["text renamed .jpg", () => text, /^x\.jpg: It is no picture: its content is text\.$/],
    ["an HTML page", () => Buffer.from("<!DOCTYPE html><html><body>404</body></html>"), /an HTML page/],
    ["a PDF", () => Buffer.from("%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"), /a PDF document/],
    ["a video", () => Buffer.from("00000018667479706d703432000000006d7034326d703431000000086d646174", "hex"), /a video \(video\/mp4\)/],
    [
      "a truncated JPEG",
      async () => {
        const jpeg = await sharp({
          create: { width: 900, height: 700, channels: 3, background: "#777", noise: { type: "gaussian", mean: 128, sigma: 30 } },
        })
          .jpeg()
          .toBuffer();
        return jpeg.subarray(0, jpeg.length >> 1);
      },
      /^x\.jpg: It cannot be decoded: premature end of JPEG image\.$/,
    ],
    ["a truncated HEIC", () => HEIC.subarray(0, HEIC.length - 40), /^x\.jpg: It c/],
    ["31 KB of 16000 x 16000 pixels", () => blackPng(16_000, 16_000), /16000 x 16000 pixels, more than the 100 megapixels/],
    [
      "an SVG that ends in the middle",
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9"><rect'),
      /cannot be decoded: line 1 column/,
    ],
    ["an SVG that multiplies its entities", entityBomb, /cannot be decoded: .*entity amplification/],
    ["an SVG that claims to be huge", () => svg("", 20_000, 20_000), /20000 x 20000 pixels|pixel/],
  ])("%s", async (_name, make, message) => {
    const bytes = await make();
    const attempt = images.prepare(bytes, { longSide: 1120, name: "x.jpg" });
    await expect(attempt).rejects.toBeInstanceOf(InputError);
    await expect(attempt).rejects.toMatchObject({ message: expect.stringMatching(message), hint: expect.any(String) });
    await expect(images.size(bytes)).rejects.toBeInstanceOf(InputError);
  });

  test("the size bound is on pixels: a PNG just below it is taken", async () => {
    expect(await images.size(blackPng(10_000, 10_000))).toEqual({ width: 10_000, height: 10_000 });
  });

  test("an SVG filter bomb is ended by the pool's deadline, and the next picture works", async () => {
    const filters = Array.from(
      { length: 60 },
      () => '<feTurbulence baseFrequency="0.01" numOctaves="200"/><feGaussianBlur stdDeviation="90"/>',
    ).join("");
    const bomb = svg(
      `<filter id="f" x="0" y="0" width="1" height="1">${filters}</filter><rect width="4000" height="4000" filter="url(#f)"/>`,
      4000,
      4000,
    );
    const hasty = createPool({ jobs, maxWorkers: 1, limits: { ...LIMITS, image: { ...LIMITS.image, decodeMs: 1500 } } });
    const codec = createImageCodec(hasty);
    await expect(codec.prepare(bomb, { longSide: 1120, name: "bomb.svg" })).rejects.toMatchObject({
      kind: "InputError",
      message: "bomb.svg: Decoding it was stopped after 1.5 s.",
    });
    await expect(codec.size(HALVES)).resolves.toEqual({ width: 60, height: 40 });
    await hasty.close();
  });
});

describe.skipIf(!existsSync(CORPORA))(`corpora${existsSync(CORPORA) ? "" : ` (${NO_CORPORA})`}`, () => {
  test("all nine EXIF orientations come out upright and alike", async () => {
    const folder = path.join(CORPORA, "exif");
    const files = (await readdir(folder)).sort();
    expect(files).toHaveLength(9);
    const shots = await Promise.all(
      files.map(async (file) => {
        const { bytes, original } = await images.prepare(await readFile(path.join(folder, file)), { name: file });
        expect(original, file).toEqual({ width: 1800, height: 1200 });
        // Without the middle, where each picture bears its own number.
        const small = await sharp(bytes)
          .resize(180, 120)
          .composite([{ input: { create: { width: 40, height: 40, channels: 3, background: "#000" } }, left: 70, top: 40 }])
          .toBuffer();
        return { file, data: await sharp(small).raw().toBuffer() };
      }),
    );
    for (const { file, data } of shots) {
      const difference = data.reduce((sum, value, index) => sum + Math.abs(value - shots[0]!.data[index]!), 0) / data.length;
      expect(difference, `${file} differs from ${shots[0]!.file}`).toBeLessThan(3);
    }
  });

  test("every broken picture gives pixels or an InputError in words, all through one pool", async () => {
    const folder = path.join(CORPORA, "broken-images");
    const files = await readdir(folder);
    expect(files.length).toBeGreaterThanOrEqual(100);
    const outcomes = await Promise.all(
      files.map(async (file) => {
        const bytes = await readFile(path.join(folder, file));
        try {
          const { width, height, bytes: jpeg } = await images.prepare(bytes, { longSide: 1120, name: file });
          expect(await sharp(jpeg).metadata(), file).toMatchObject({ width, height });
          return "pixels";
        } catch (error) {
          expect(error, file).toBeInstanceOf(InputError);
          expect((error as InputError).message, file).toMatch(new RegExp(`^${file.replaceAll(".", "\\.")}: It .+`));
          return "error";
        }
      }),
    );
    expect(outcomes.filter((outcome) => outcome === "pixels").length).toBeGreaterThan(20);
  });
});
