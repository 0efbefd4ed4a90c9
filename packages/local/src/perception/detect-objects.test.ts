import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { iou, type Box, type DetectedObjects } from "@sightline/core";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { decodePixels } from "../media/decode.ts";
import { detectObjects } from "./detect-objects.ts";
import { isDrawn, pictureFeatures } from "./picture-features.ts";

const SAMPLES = fileURLToPath(new URL("../../../../examples/samples/", import.meta.url));
const PHOTOS = path.resolve(
  process.env["SIGHTLINE_CORPORA"] ?? fileURLToPath(new URL("../../../../../shared/corpora", import.meta.url)),
  "photos",
);
const withoutPhotos = existsSync(PHOTOS) ? false : `no corpora at ${PHOTOS}: set SIGHTLINE_CORPORA to their folder`;

async function detect(image: Uint8Array): Promise<DetectedObjects> {
  return detectObjects(await decodePixels(image, { longSide: 1280 }));
}

function labels({ objects }: DetectedObjects): string[] {
  return objects.map(({ label }) => label).sort();
}

describe("on the sample photographs", () => {
  test.each([
    ["coffee.png", "cup", "dining table"],
    ["chelsea.png", "cat", ""],
    ["astronaut.png", "person", ""],
  ])("%s shows a %s and nothing that is not there", async (name, label, maybe) => {
    expect(labels(await detect(await readFile(path.join(SAMPLES, name)))).filter((found) => found !== maybe)).toEqual([label]);
  });

  test("a mirrored picture shows the same, mirrored", async () => {
    const image = await readFile(path.join(SAMPLES, "astronaut.png"));
    const [straight, mirrored] = [await detect(image), await detect(await sharp(image).flop().png().toBuffer())];
    const [box, other] = [straight.objects[0]?.box, mirrored.objects[0]?.box];
    if (box === undefined || other === undefined) throw new Error("nobody was found");
    expect(iou(box, { ...other, x: mirrored.width - other.x - other.width })).toBeGreaterThan(0.8);
  });

  test("a picture of one colour shows nothing", async () => {
    const image = await sharp({ create: { width: 640, height: 400, channels: 3, background: "#6a8" } })
      .png()
      .toBuffer();
    expect((await detect(image)).objects).toEqual([]);
  });

  test("nothing is seen in what a machine has drawn", async () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600"><rect width="800" height="600" fill="#fff"/><circle cx="350" cy="330" r="200" fill="#4e79a7"/><path d="M350 330V130A200 200 0 0 1 540 392Z" fill="#f28e2b"/></svg>`;
    expect((await detect(await sharp(Buffer.from(svg)).png().toBuffer())).objects).toEqual([]);
  });

  test("a person cut out before a plain ground is no drawing", async () => {
    // The astronaut in coarse pixels, which are as flat as dark clothes in a studio's light, in the middle of a large white sheet.
    const person = sharp(path.join(SAMPLES, "astronaut.png")).extract({ left: 20, top: 0, width: 330, height: 512 });
    const coarse = await sharp(await person.resize({ width: 66 }).png().toBuffer())
      .resize({ width: 330, kernel: "nearest" })
      .png()
      .toBuffer();
    const sheet = sharp({ create: { width: 1280, height: 900, channels: 3, background: "#fff" } });
    const image = await sheet
      .composite([{ input: coarse, left: 470, top: 200 }])
      .png()
      .toBuffer();
    const pixels = await decodePixels(image, { longSide: 1280 });
    expect(isDrawn(pictureFeatures(pixels))).toBe(true);
    expect(labels(await detectObjects(pixels))).toEqual(["person"]);
  });

  test("figures of circles and bars are no traffic lights", async () => {
    const figure = `<circle cx="400" cy="120" r="60" fill="#c33"/><rect x="330" y="190" width="140" height="200" rx="30" fill="#36c"/><rect x="340" y="390" width="50" height="180"/><rect x="410" y="390" width="50" height="180"/>`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600"><rect width="800" height="600" fill="#fff"/>${figure}</svg>`;
    expect((await detect(await sharp(Buffer.from(svg)).png().toBuffer())).objects).toEqual([]);
  });

  test("a photograph in the dark is still a photograph", async () => {
    const image = await sharp(path.join(SAMPLES, "chelsea.png")).linear(0.3, 0).jpeg({ quality: 70 }).toBuffer();
    expect(labels(await detect(image))).toEqual(["cat"]);
  });

  test("a page of paper is no screen", async () => {
    expect(labels(await detect(await readFile(path.join(SAMPLES, "invoice.png"))))).toEqual([]);
  });

  test("a picture of a single pixel is looked at without fuss", async () => {
    const image = await sharp({ create: { width: 1, height: 1, channels: 3, background: "#fff" } })
      .png()
      .toBuffer();
    expect(await detect(image)).toMatchObject({ width: 1, height: 1 });
  });

  test("boxes are in pixels of the original, however large it is", async () => {
    const image = await readFile(path.join(SAMPLES, "chelsea.png"));
    const [small, large] = [await detect(image), await detect(await sharp(image).resize({ width: 1804 }).png().toBuffer())];
    expect(large.width).toBe(1804);
    const [box, other] = [small.objects[0]?.box, large.objects[0]?.box];
    if (box === undefined || other === undefined) throw new Error("no cat was found");
    expect(iou({ x: box.x * 4, y: box.y * 4, width: box.width * 4, height: box.height * 4 }, other)).toBeGreaterThan(0.8);
  });
});

describe.skipIf(withoutPhotos !== false)(
  withoutPhotos === false ? "on the photographs of the corpora" : `photographs (skipped: ${withoutPhotos})`,
  () => {
    /** By eye, from the corpora's README. */
    const TRUTH: readonly { readonly photo: string; readonly people: readonly Box[]; readonly others: readonly string[] }[] = [
      {
        photo: "bus.jpg",
        people: [
          { x: 52, y: 398, width: 192, height: 500 },
          { x: 226, y: 405, width: 116, height: 455 },
          { x: 670, y: 395, width: 140, height: 487 },
          { x: 0, y: 552, width: 76, height: 320 },
        ],
        others: ["bus"],
      },
      { photo: "person.jpg", people: [{ x: 188, y: 98, width: 88, height: 287 }], others: ["dog", "horse"] },
    ];

    test.each(TRUTH)("$photo: everybody, and the rest", async ({ photo, people, others }) => {
      const found = await detect(await readFile(path.join(PHOTOS, photo)));
      const boxes = found.objects.filter(({ label }) => label === "person").map(({ box }) => box);
      expect(boxes).toHaveLength(people.length);
      for (const person of people) expect(Math.max(...boxes.map((box) => iou(box, person)))).toBeGreaterThan(0.5);
      expect(labels(found).filter((label) => label !== "person")).toEqual(others);
    });
  },
);
