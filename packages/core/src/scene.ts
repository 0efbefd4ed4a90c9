import type { Box, Line } from "./page.ts";
import type { Clothing, DetectedObject, Garment, ImageSize, PictureKind } from "./ports.ts";
import { toPlainText, toRows } from "./reading-order.ts";

/** What the machine's own eyes found in a picture: the evidence that words may be made from. */
export interface Scene extends ImageSize {
  readonly kind: PictureKind;
  readonly colors: readonly string[];
  /** Everything detected except people, highest confidence first. */
  readonly objects: readonly DetectedObject[];
  readonly people: readonly SeenPerson[];
  readonly lines: readonly Line[];
}

export interface SeenPerson {
  readonly box: Box;
  readonly confidence: number;
  readonly clothing: Clothing;
}

export type Detail = "brief" | "standard" | "detailed";

/** Below this the words say "possibly". */
const SURE = 0.5;
/** Lines read with less confidence are not quoted: in photographs they are mostly letters that do not stand there. The text's own field has them. */
const LEGIBLE = 0.8;
/** Text quoted inside a description; the whole text has a field of its own, and whoever reads both pays for it twice. */
const QUOTED_CHARACTERS: Record<Detail, number> = { brief: 60, standard: 100, detailed: 600 };
/** Kinds of pictures whose colors say nothing: paper is white. */
const PAPERS: ReadonlySet<PictureKind> = new Set(["document", "receipt", "invoice"]);
/** WCAG practice: screen readers cut alternative text at about 125 characters. */
export const ALT_TEXT_CHARACTERS = 125;

/** A description made of nothing but the scene's evidence. */
export function describeScene(scene: Scene, detail: Detail): string {
  const sentences = [`${capitalize(opening(scene))}.`];
  if (detail !== "brief") {
    if (scene.people.length > 0) sentences.push(...scene.people.map((person) => `${capitalize(personWords(person, scene))}.`));
    const placed = detail === "detailed" ? scene.objects : scene.objects.slice(0, 6);
    if (placed.length > 0) sentences.push(`${capitalize(list(placed.map((object) => `${thing(object)} ${place(object.box, scene)}`)))}.`);
    const more = scene.objects.length - placed.length;
    if (more > 0) sentences.push(`${more} more objects are listed.`);
    if (scene.colors.length > 0 && !PAPERS.has(scene.kind))
      sentences.push(`Main ${scene.colors.length === 1 ? "color" : "colors"}: ${list(scene.colors)}.`);
  }
  if (scene.lines.length > 0) sentences.push(textSentence(scene, QUOTED_CHARACTERS[detail]));
  return sentences.join(" ");
}

function textSentence(scene: Scene, limit: number): string {
  const lines = legible(scene);
  const quoted = excerpt(toPlainText(lines), limit);
  if (quoted === "") return "None of the text could be read with certainty.";
  return `The ${lines.length < scene.lines.length ? "legible text" : "text"} ${quoted.whole ? "reads" : "begins"}: "${quoted.text}"`;
}

function legible(scene: Scene): Line[] {
  return scene.lines.filter((line) => line.confidence >= LEGIBLE);
}

/** At most 125 characters, cut between words. */
export function altTextOf(scene: Scene): string {
  const quoted = excerpt(toPlainText(legible(scene)), 60);
  const subject = isEmpty(scene) && scene.colors.length > 0 ? `${KIND_WORDS[scene.kind]} in ${list(scene.colors)}` : opening(scene);
  const withText = quoted === "" ? subject : `${subject}: "${quoted.text}"`;
  return cutWords(capitalize(withText.length <= ALT_TEXT_CHARACTERS ? withText : subject), ALT_TEXT_CHARACTERS);
}

/** Cuts between words so that at most `limit` characters remain, an ellipsis included. */
export function cutWords(text: string, limit: number): string {
  const flat = text.replace(/\s+/g, " ").trim();
  if (flat.length <= limit) return flat;
  const head = flat.slice(0, limit - 1);
  const space = head.lastIndexOf(" ");
  const kept = (space > limit / 2 ? head.slice(0, space) : head).replace(/[\uD800-\uDBFF]$/, "");
  return `${kept.replace(/[\s,.;:]+$/, "")}…`;
}

function opening(scene: Scene): string {
  const subjects = countThings(scene);
  const kind = KIND_WORDS[scene.kind];
  if (subjects.length > 0) return `${kind} showing ${list(subjects)}`;
  if (scene.lines.length > 0) return `${kind} with ${rowCount(scene)} of text`;
  return `${kind}; no people, known objects or text were found in it`;
}

function isEmpty({ people, objects, lines }: Scene): boolean {
  return people.length + objects.length + lines.length === 0;
}

const KIND_WORDS: Record<PictureKind, string> = {
  photo: "a photo",
  document: "a document",
  receipt: "a receipt",
  invoice: "an invoice",
  screenshot: "a screenshot",
  chart: "a chart",
  drawing: "a drawing",
  other: "a picture",
};

/** Lines as a reader counts them: an article and its price stand on one. */
function rowCount(scene: Scene): string {
  const { length } = toRows(scene.lines);
  return length === 1 ? "1 line" : `${length} lines`;
}

/** "4 people (1 of them uncertain)", "a bus", "possibly a handbag": people first, then as detected. */
function countThings(scene: Scene): string[] {
  const words = scene.people.length === 0 ? [] : [counted(scene.people, "person")];
  for (const label of new Set(scene.objects.map((object) => object.label))) {
    words.push(
      counted(
        scene.objects.filter((object) => object.label === label),
        label,
      ),
    );
  }
  return words;
}

function counted(found: readonly { readonly confidence: number }[], label: string): string {
  const unsure = found.filter(({ confidence }) => confidence < SURE).length;
  const words = found.length === 1 ? withArticle(label) : `${found.length} ${plural(label)}`;
  if (unsure === found.length) return `possibly ${words}`;
  return unsure === 0 ? words : `${words} (${unsure} of them uncertain)`;
}

function personWords(person: SeenPerson, size: ImageSize): string {
  const subject = person.confidence >= SURE ? "a person" : "possibly a person";
  const worn = clothingWords(person.clothing);
  return `${subject} ${place(person.box, size)}${worn === "" ? "" : ` wearing ${worn}`}`;
}

/** "a black and white striped top, light blue bottoms and white footwear"; empty when nothing could be told. */
export function clothingWords(clothing: Clothing): string {
  const parts: string[] = [];
  if (clothing.upper !== undefined) parts.push(withArticle(`${garmentWords(clothing.upper)} top${sleeveWords(clothing.upper)}`));
  if (clothing.lower !== undefined) parts.push(`${garmentWords(clothing.lower)} bottoms`);
  if (clothing.feet !== undefined) parts.push(`${garmentWords(clothing.feet)} footwear`);
  return list(parts);
}

function garmentWords(garment: Garment): string {
  const pattern = garment.pattern === undefined || garment.pattern === "plain" ? "" : ` ${garment.pattern}`;
  return `${list(garment.colors)}${pattern}`;
}

function sleeveWords(garment: Garment): string {
  return garment.sleeves === undefined || garment.sleeves.length === 0 ? "" : ` with ${list(garment.sleeves)} sleeves`;
}

function thing(object: DetectedObject): string {
  return `${object.confidence >= SURE ? "" : "possibly "}${withArticle(object.label)}`;
}

/** A box over this share of the picture has no side of it. */
const MOST = 0.7;

/** Where a box's centre lies, by thirds of the picture: "at the top left", "on the right", "in the center". */
export function place(box: Box, size: ImageSize): string {
  if (box.width * box.height >= MOST * size.width * size.height) return "across most of the picture";
  const x = (box.x + box.width / 2) / size.width;
  const y = (box.y + box.height / 2) / size.height;
  const column = x < 1 / 3 ? "left" : x > 2 / 3 ? "right" : "";
  const row = y < 1 / 3 ? "top" : y > 2 / 3 ? "bottom" : "";
  if (row !== "" && column !== "") return `at the ${row} ${column}`;
  if (row !== "") return `at the ${row}`;
  if (column !== "") return `on the ${column}`;
  return "in the center";
}

function excerpt(text: string, limit: number): "" | { readonly text: string; readonly whole: boolean } {
  const flat = text.replace(/\s+/g, " ").trim();
  if (flat === "") return "";
  return { text: cutWords(flat, limit), whole: flat.length <= limit };
}

function withArticle(words: string): string {
  return `${/^[aeiou]/i.test(words) ? "an" : "a"} ${words}`;
}

/** The COCO labels need no more English than this. */
function plural(label: string): string {
  if (/(?:skis|scissors|sheep)$/.test(label)) return label;
  if (label.endsWith("person")) return label.replace(/person$/, "people");
  if (label.endsWith("mouse")) return label.replace(/mouse$/, "mice");
  if (label.endsWith("knife")) return label.replace(/knife$/, "knives");
  if (/(?:s|sh|ch|x)$/.test(label)) return `${label}es`;
  return `${label}s`;
}

function list(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
