import { type Box, findQuote, type Line } from "../page.ts";
import type { Clothing, DetectedObject, ImageSize } from "../ports.ts";
import { ENOUGH, matchColors, matchGarment } from "./match-clothing.ts";
import type { Companion, RankBy, VisualQuery, WantedPlace } from "./visual-query.ts";
import type { Side } from "./vocabulary.ts";

/** A thing that was detected, with what the machine's own eyes say of it. */
export interface SeenObject extends DetectedObject {
  /** Of a person. Absent: nobody looked. */
  readonly clothing?: Clothing;
  /** Of any other thing, largest share first. Absent: nobody looked. */
  readonly colors?: readonly string[];
  /** Text that stands on it. Absent: nobody read. */
  readonly text?: readonly Line[];
}

/** The picture it is in; `objects` are all that were detected there. */
export interface SeenPicture extends ImageSize {
  readonly objects: readonly DetectedObject[];
}

export interface ObjectMatch {
  /** True when the class is right, nothing that was judged speaks against it, and of its looks at least something that was asked for was seen. */
  readonly matches: boolean;
  /** How well all that was judged fits, 0 to 1; less where a part of it could not be seen. */
  readonly score: number;
  /** What the query asks and this thing does not show: hidden, too small. In the query's words. */
  readonly unseen: readonly string[];
  /** What the query asks and this thing is not. In the query's words. */
  readonly against: readonly string[];
}

/** What each unseen part takes from the score. */
const UNSEEN = 0.8;

/** How near a companion stands, as a share of the thing's longer side. */
const NEAR = 0.5;

/** Holds one thing against a query: its class, clothes, colours, text, side of the picture and what is beside it. Ranks such as "leftmost" need all: `selectObjects`. */
export function matchObject(query: VisualQuery, object: SeenObject, picture: SeenPicture): ObjectMatch {
  if (!query.labels.includes(object.label)) return { matches: false, score: 0, unseen: [], against: [query.subject ?? query.text] };
  const looks: Judged[] = [
    ...query.garments.map((garment) => ({ words: garment.words, score: matchGarment(garment, object.clothing ?? {}) })),
    ...(query.colors.length === 0
      ? []
      : [
          {
            words: query.colors.map(({ words }) => words).join(query.anyColor ? " or " : " and "),
            score: object.colors === undefined ? undefined : matchColors(query.colors, object.colors, query.anyColor),
          },
        ]),
    ...(query.says === undefined ? [] : [{ words: `"${query.says}"`, score: saysScore(query.says, object.text) }]),
  ];
  const surroundings: Judged[] = [
    ...query.places.flatMap((place) =>
      place.kind === "side" ? [{ words: place.words, score: sideScore(place.side, object.box, picture) }] : [],
    ),
    ...query.companions.map((companion) => ({ words: companion.words, score: isBeside(companion, object, picture) ? 1 : 0 })),
  ];
  const judged = [...looks, ...surroundings];
  const scores = judged.flatMap(({ score }) => (score === undefined ? [] : [score]));
  const unseen = judged.filter(({ score }) => score === undefined).map(({ words }) => words);
  const against = judged.filter(({ score }) => score !== undefined && score < ENOUGH).map(({ words }) => words);
  const shown = looks.length === 0 || looks.some(({ score }) => score !== undefined);
  const mean = scores.length === 0 ? 1 : scores.reduce((sum, score) => sum + score, 0) / scores.length;
  return { matches: shown && against.length === 0, score: mean * UNSEEN ** unseen.length, unseen, against };
}

interface Judged {
  readonly words: string;
  readonly score: number | undefined;
}

export interface SelectedObject {
  readonly object: SeenObject;
  readonly match: ObjectMatch;
  /** The detector's confidence times the score, 0 to 1. */
  readonly confidence: number;
}

/** The things that match, surest first; of ranks ("the second from the left") the one that is meant. */
export function selectObjects(query: VisualQuery, objects: readonly SeenObject[], picture: SeenPicture): SelectedObject[] {
  const matching = objects.flatMap((object): SelectedObject[] => {
    const match = matchObject(query, object, picture);
    return match.matches ? [{ object, match, confidence: object.confidence * match.score }] : [];
  });
  const sorted = matching.toSorted((one, other) => other.confidence - one.confidence);
  return query.places.filter((place) => place.kind === "rank").reduce(ranked, sorted);
}

function ranked(selected: readonly SelectedObject[], place: WantedPlace & { kind: "rank" }): SelectedObject[] {
  const order = selected.toSorted((one, other) => rankOf(place.by, one.object.box) - rankOf(place.by, other.object.box));
  const meant = order[place.nth - 1];
  return meant === undefined ? [] : [meant];
}

/** Smaller comes first. */
function rankOf(by: RankBy, { x, y, width, height }: Box): number {
  switch (by) {
    case "left":
      return x + width / 2;
    case "right":
      return -(x + width / 2);
    case "top":
      return y + height / 2;
    case "bottom":
      return -(y + height / 2);
    case "largest":
      return -(width * height);
    case "smallest":
      return width * height;
  }
}

/** The outer third of the picture is a side, the half is one still. */
function sideScore(side: Side, box: Box, { width, height }: ImageSize): number {
  const x = (box.x + box.width / 2) / width;
  const y = (box.y + box.height / 2) / height;
  const outer = { left: x, right: 1 - x, top: y, bottom: 1 - y, center: Math.abs(x - 0.5) * 2 }[side];
  return outer <= 1 / 3 ? 1 : outer < 1 / 2 ? 0.7 : 0;
}

function saysScore(says: string, text: readonly Line[] | undefined): number | undefined {
  return text === undefined ? undefined : findQuote(text, says) === undefined ? 0 : 1;
}

function isBeside({ labels }: Companion, object: SeenObject, { objects }: SeenPicture): boolean {
  const reach = NEAR * Math.max(object.box.width, object.box.height);
  return objects.some((other) => labels.includes(other.label) && !sameBox(other.box, object.box) && gap(other.box, object.box) <= reach);
}

function sameBox(a: Box, b: Box): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

/** The distance between two boxes in pixels, 0 where they touch. */
function gap(a: Box, b: Box): number {
  const across = Math.max(0, a.x - b.x - b.width, b.x - a.x - a.width);
  const down = Math.max(0, a.y - b.y - b.height, b.y - a.y - a.height);
  return Math.hypot(across, down);
}
