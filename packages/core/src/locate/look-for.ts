import { boxAsGiven } from "../page.ts";
import type { Box, Line } from "../page.ts";
import type { DetectedObject, InputFile } from "../ports.ts";
import type { SeenObject, VisualQuery } from "../query/index.ts";
import { thingColors } from "../thing-colors.ts";
import type { LocateContext, Sight } from "./locating.ts";

/** Things whose colours are looked at: each costs a look. The surest ones. */
const MOST_COLORED = 12;

/** Sees as much of the picture as the query asks: always what is detected, clothes, colours and text only where they matter. */
export async function lookFor(file: InputFile, query: VisualQuery, context: LocateContext, warnings: string[]): Promise<Sight> {
  const { bytes, name } = file;
  context.progress(`Looking at ${name}`);
  // When one of the two fails, the other's work is in vain and ends.
  const failed = new AbortController();
  const both = { name, signal: AbortSignal.any([context.signal, failed.signal]) };
  const [detected, read] = await Promise.all([
    context.detector.detect(bytes, both),
    query.says === undefined ? undefined : context.text.recognize(bytes, { ...both, onProgress: (message) => context.progress(message) }),
  ]).catch((error: unknown) => {
    failed.abort();
    throw error;
  });
  warnings.push(...(read?.warnings ?? []));
  const lines = read?.lines.map((line) => ({ ...line, box: boxAsGiven(line.box, read) }));
  const clothed = query.garments.length === 0 ? detected.objects : await withClothing(file, detected.objects, context);
  const colored = query.colors.length === 0 ? clothed : await withColors(file, clothed, query, context);
  return {
    width: detected.width,
    height: detected.height,
    objects: lines === undefined ? colored : colored.map((object) => ({ ...object, text: linesOn(object.box, lines) })),
    ...(lines === undefined ? {} : { lines }),
  };
}

async function withClothing(
  { bytes, name }: InputFile,
  objects: readonly DetectedObject[],
  { pictures, progress, signal }: LocateContext,
): Promise<readonly SeenObject[]> {
  const people = objects.filter(({ label }) => label === "person");
  if (people.length === 0) return objects;
  progress("Judging clothing");
  const { clothing } = await pictures.look(bytes, { people: people.map(({ box }) => box), objects, lines: [] }, { name, signal });
  return objects.map((object) => {
    const worn = clothing[people.indexOf(object)];
    return worn === undefined ? object : { ...object, clothing: worn };
  });
}

async function withColors(
  { bytes, name }: InputFile,
  objects: readonly SeenObject[],
  query: VisualQuery,
  context: LocateContext,
): Promise<readonly SeenObject[]> {
  const { progress, signal } = context;
  const asked = objects.filter(({ label }) => query.labels.includes(label)).slice(0, MOST_COLORED);
  if (asked.length > 0) progress("Judging colors");
  const colors = new Map<SeenObject, readonly string[]>();
  for (const object of asked) {
    colors.set(object, await thingColors(bytes, object.box, context, { name, signal }));
  }
  return objects.map((object) => {
    const seen = colors.get(object);
    return seen === undefined ? object : { ...object, colors: seen };
  });
}

/** Lines whose middle is inside the box. */
function linesOn(box: Box, lines: readonly Line[]): Line[] {
  return lines.filter(({ box: { x, y, width, height } }) => {
    const [middleX, middleY] = [x + width / 2, y + height / 2];
    return middleX >= box.x && middleX <= box.x + box.width && middleY >= box.y && middleY <= box.y + box.height;
  });
}
