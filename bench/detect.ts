/**
 * `pnpm bench:detect`: the object detector on the corpora's photographs, as they are and changed as pictures are on their way
 * (mirrored, dark, bright, small, compressed, cropped), and what looking several times costs against looking once.
 *
 * People count when their box overlaps the truth (IoU >= 0.5), things when their kind is named; whatever else is named is a false alarm.
 * Exit code 1 when fewer than nine in ten of all people and things are found on the photographs as they are.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import sharp, { type Sharp } from "sharp";
import { type Box, iou } from "../packages/core/src/page.ts";
import type { DetectedObject } from "../packages/core/src/ports.ts";
import { decodePixels } from "../packages/local/src/media/decode.ts";
import { detectObjects } from "../packages/local/src/perception/detect-objects.ts";
import { detectorViews } from "../packages/local/src/perception/detector-views.ts";
import { loadModel } from "../packages/local/src/perception/onnx.ts";
import { WEIGHTS } from "../packages/local/src/perception/eyes.ts";
import { type Photo, PHOTOS } from "./photos.ts";
import { CORPORA } from "./receipts.ts";

/** A change to a picture of `width` pixels, and where a box is afterwards. */
interface Change {
  readonly name: string;
  /** Absent for the file as it is. */
  apply?(picture: Sharp, width: number): Sharp;
  move(box: Box, width: number): Box;
}

const stay = (box: Box): Box => box;
const CHANGES: readonly Change[] = [
  { name: "as it is", move: stay },
  { name: "mirrored", apply: (picture) => picture.flop(), move: (box, width) => ({ ...box, x: width - box.x - box.width }) },
  { name: "darker by half", apply: (picture) => picture.linear(0.5, 0), move: stay },
  { name: "brighter by a third", apply: (picture) => picture.linear(1.33, 0), move: stay },
  {
    name: "half the size",
    apply: (picture, width) => picture.resize({ width: Math.round(width / 2) }),
    move: (box) => ({ x: box.x / 2, y: box.y / 2, width: box.width / 2, height: box.height / 2 }),
  },
  { name: "JPEG quality 50", apply: (picture) => picture.jpeg({ quality: 50 }), move: stay },
  { name: "in grey", apply: (picture) => picture.greyscale(), move: stay },
];

function score({ people, things }: Photo, found: readonly DetectedObject[]): { right: number; of: number; wrong: number } {
  const persons = found.filter(({ label }) => label === "person").map(({ box }) => box);
  const others = found.filter(({ label }) => label !== "person").map(({ label }) => label);
  const seen = people.filter((person) => persons.some((box) => iou(box, person) >= 0.5)).length;
  const named = things.filter((thing) => others.includes(thing)).length;
  return {
    right: seen + named,
    of: people.length + things.length,
    wrong: Math.max(0, persons.length - seen) + Math.max(0, others.length - named),
  };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

async function measure(): Promise<boolean> {
  const all: { photo: Photo; bytes: Buffer; width: number }[] = [];
  for (const photo of PHOTOS) {
    const bytes = await readFile(path.join(CORPORA, "photos", photo.name));
    all.push({ photo, bytes, width: (await sharp(bytes).metadata()).width });
  }
  let kept = false;
  for (const change of CHANGES) {
    let [right, of, wrong] = [0, 0, 0];
    for (const { photo, bytes, width } of all) {
      const image = change.apply === undefined ? bytes : await change.apply(sharp(bytes), width).toBuffer();
      const { objects } = await detectObjects(await decodePixels(image, { longSide: 1280 }));
      const figures = score({ ...photo, people: photo.people.map((box) => change.move(box, width)) }, objects);
      [right, of, wrong] = [right + figures.right, of + figures.of, wrong + figures.wrong];
    }
    if (change.name === "as it is") kept = right >= 0.9 * of;
    console.log(`${change.name.padEnd(20)} ${right} of ${of} people and things, ${wrong} false`);
  }

  const [{ bytes } = { bytes: Buffer.of() }] = all;
  const pixels = await decodePixels(bytes, { longSide: 1280 });
  const model = await loadModel(path.join(fileURLToPath(WEIGHTS), "detector.onnx"));
  const image = { data: new Float32Array(3 * 300 * 300), dims: [1, 3, 300, 300] };
  const [once, whole]: [number[], number[]] = [[], []];
  for (let round = 0; round < 15; round++) {
    let started = performance.now();
    await model.run({ image });
    once.push(performance.now() - started);
    started = performance.now();
    await detectObjects(pixels);
    whole.push(performance.now() - started);
  }
  const views = detectorViews(pixels.width, pixels.height, 300).length;
  console.log(
    `one look ${median(once).toFixed(0)} ms; a picture of ${pixels.width} x ${pixels.height} in ${views} looks and its closer ones ${median(whole).toFixed(0)} ms (medians of 15)`,
  );
  return kept;
}

if (!existsSync(path.join(CORPORA, "photos"))) {
  console.error(`bench:detect: no photographs at ${CORPORA}/photos: set SIGHTLINE_CORPORA to the folder of the corpora`);
  process.exitCode = 1;
} else if (!(await measure())) {
  console.error("bench:detect: fewer than nine in ten were found");
  process.exitCode = 1;
}
