import type { Check } from "../invoice/schema.ts";
import type { PagesContext, ShownPage } from "../model-pages.ts";
import type { BoxColor, LabelledBox, Store } from "../ports.ts";
import { isWithin } from "./reading.ts";
import type { Reading } from "./reading.ts";

/** Pages drawn at most: a file is saved for each. */
const MOST_PAGES = 20;

export interface Drawn {
  /** Absolute paths, one a page, in the pages' order. */
  readonly paths: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Draws the evidence of invoices on the pages they stand on and saves these: green what a check confirms, red what fails one, orange what is doubtful (a warning, or words
 * that a model alone vouches for), blue all else.
 */
export async function drawEvidence(
  invoices: readonly (Pick<Reading, "evidence"> & { readonly checks: readonly Check[] })[],
  pages: readonly ShownPage[],
  { name, store, context }: { readonly name: string; readonly store: Store; readonly context: PagesContext },
): Promise<Drawn> {
  const { images, signal } = context;
  const marked = pages.flatMap((shown) => {
    const boxes = invoices.flatMap((invoice) => boxesOn(shown.page.number, invoice));
    return boxes.length === 0 ? [] : [{ ...shown, image: () => shown.image(), boxes }];
  });
  const paths: string[] = [];
  for (const [index, { page, image, boxes }] of marked.slice(0, MOST_PAGES).entries()) {
    context.progress(`Drawing the evidence on page ${page.number}`, index, Math.min(marked.length, MOST_PAGES));
    const picture = await image();
    const scale = picture.width / page.width;
    const onPicture = boxes.map((each) => ({ ...each, box: scaled(each.box, scale) }));
    const drawn = await images.annotate(picture.bytes, onPicture, { name, signal, letters: lettersFor(onPicture) });
    const base = name.replace(/\.[^./]*$/, "");
    paths.push(await store.save({ bytes: drawn.bytes, name: `annotated-page-${page.number}-${base}.jpg`, mediaType: drawn.mediaType }));
  }
  const left = marked.length - paths.length;
  return { paths, warnings: left === 0 ? [] : [`Evidence stands on ${marked.length} pages: the first ${MOST_PAGES} were drawn.`] };
}

/** Labels are smaller than the print they stand above: they fit between two lines of it. */
const LABEL_SHARE = 0.4;

function lettersFor(boxes: readonly LabelledBox[]): number {
  const heights = boxes.map(({ box }) => box.height).toSorted((a, b) => a - b);
  return LABEL_SHARE * (heights[Math.floor(heights.length / 2)] ?? 0);
}

/** Worst first. */
const RANKS: readonly BoxColor[] = ["red", "orange", "green", "blue"];

/** Values that stand in one box share its frame, in the colour of the worst of them. */
function boxesOn(page: number, { evidence, checks }: Pick<Reading, "evidence"> & { readonly checks: readonly Check[] }): LabelledBox[] {
  const byBox = new Map<string, LabelledBox>();
  for (const [path, { page: on, box, grounded }] of Object.entries(evidence)) {
    if (on !== page || box === undefined) continue;
    const color = colorOf(path, grounded, checks);
    const key = [box.x, box.y, box.width, box.height].join();
    const known = byBox.get(key);
    const worst = RANKS.find((each) => each === color || each === known?.color);
    byBox.set(key, {
      label: known === undefined ? path : `${known.label}, ${path.replace(/^.*\./, "")}`,
      box,
      ...(worst === undefined ? {} : { color: worst }),
    });
  }
  return [...byBox.values()];
}

function colorOf(path: string, grounded: boolean, checks: readonly Check[]): BoxColor {
  const about = checks.filter((check) => check.rule !== "duplicate_key" && check.fields.some((field) => isWithin(path, field)));
  if (about.some(({ ok, severity }) => !ok && severity === "error")) return "red";
  if (!grounded || about.some(({ ok }) => !ok)) return "orange";
  return about.length > 0 ? "green" : "blue";
}

function scaled({ x, y, width, height }: LabelledBox["box"], scale: number): LabelledBox["box"] {
  return { x: x * scale, y: y * scale, width: width * scale, height: height * scale };
}
