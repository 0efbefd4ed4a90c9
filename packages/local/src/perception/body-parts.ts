import type { Box } from "@sightline/core";

/**
 * Where in a person's box the clothes are, from the proportions of the body (the 7½ heads of figure drawing:
 * chin at 0.13 of the height, waist at 0.47, knees at 0.73, ankles at 0.94; shoulders 0.26 of it wide).
 * A part that the box cannot show is left out.
 */
export interface BodyParts {
  /** Where a face would be. */
  readonly head: Box;
  readonly upper?: Box;
  readonly leftSleeve?: Box;
  readonly rightSleeve?: Box;
  readonly lower?: Box;
  readonly feet?: Box;
}

/** Rows of the body, in shares of its height. */
const HEAD = [0.02, 0.13] as const;
const UPPER = [0.19, 0.44] as const;
const SLEEVES = [0.2, 0.38] as const;
const LOWER = [0.54, 0.86] as const;
const FEET = [0.94, 1] as const;
/** Columns from the body's middle axis, in shares of its height. */
const CORE_HALF_WIDTH = 0.085;
const ARM_FROM = 0.1;
const ARM_TO = 0.19;
const LEG_HALF_WIDTH = 0.085;
const FOOT_HALF_WIDTH = 0.11;
const SHOULDERS = 0.26;

/** A standing person's box is at least this many times as high as wide. */
const STANDING = 1.9;
/** Height over width of a standing person with the arms down: how much of a body a box of another shape shows. */
const WHOLE_BODY = 3.4;
/** A box that ends this near above the picture's lower edge (share of its height) is taken to be cut off there… */
const NEAR_EDGE = 0.08;
/** …unless it is as slim as a whole person and ends clearly above the edge. */
const SLIM = 2.2;
const CLEARLY_ABOVE = 0.012;
/** Where arms, table or crouching hide the rest, the chest is still in the upper half of the box. */
const HUDDLED_UPPER = [0.3, 0.58] as const;
/** A box at the picture's side that is this many times as high as wide shows less than half a body. */
const SLIVER = 4.3;
/** The part of the chest's width that must be inside the picture. */
const ENOUGH = 0.4;

export function bodyParts(person: Box, width: number, height: number): BodyParts {
  const shape = person.height / person.width;
  const below = (height - person.y - person.height) / person.height;
  const slim = shape >= SLIM;
  const cutAtBottom = slim ? below < CLEARLY_ABOVE : below < NEAR_EDGE;
  const atLeft = person.x <= 0.01 * width;
  const atRight = person.x + person.width >= 0.99 * width;

  if (!cutAtBottom && shape < STANDING) return huddled(person);
  const visible = cutAtBottom ? Math.min(slim ? 0.9 : 1, shape / WHOLE_BODY) : 1;
  const body = person.height / visible;
  // A body cut by the picture's side reaches out of it: its axis is half a shoulder width from the side still seen.
  const cutAtSide = atLeft !== atRight && person.width < SHOULDERS * body;
  const axis = !cutAtSide
    ? person.x + person.width / 2
    : atLeft
      ? person.x + person.width - (SHOULDERS / 2) * body
      : person.x + (SHOULDERS / 2) * body;
  if (cutAtSide && (shape > SLIVER || coreSeen(axis, body, person) < ENOUGH)) return { head: rows(person, HEAD, body) };

  const part = (span: readonly [number, number], from: number, to: number): Box | undefined => {
    const [top, bottom] = [span[0], Math.min(span[1], visible)];
    // A sliver of a part says nothing about it.
    if (bottom - top < (span[1] - span[0]) * ENOUGH) return undefined;
    const left = Math.max(person.x - 0.02 * body, axis + from * body);
    const right = Math.min(person.x + person.width + 0.02 * body, axis + to * body);
    if (right <= left) return undefined;
    return { x: left, y: person.y + top * body, width: right - left, height: (bottom - top) * body };
  };
  const parts = {
    upper: part(UPPER, -CORE_HALF_WIDTH, CORE_HALF_WIDTH),
    leftSleeve: part(SLEEVES, -ARM_TO, -ARM_FROM),
    rightSleeve: part(SLEEVES, ARM_FROM, ARM_TO),
    lower: part(LOWER, -LEG_HALF_WIDTH, LEG_HALF_WIDTH),
    feet: cutAtBottom ? undefined : part(FEET, -FOOT_HALF_WIDTH, FOOT_HALF_WIDTH),
  };
  return { head: rows(person, HEAD, body), ...withoutUndefined(parts) };
}

/** Sitting, bending or hidden below: only the chest can be told. */
function huddled(person: Box): BodyParts {
  const [top, bottom] = HUDDLED_UPPER;
  const half = Math.min(person.width * 0.22, person.height * 0.17);
  const axis = person.x + person.width / 2;
  return {
    head: { x: person.x + person.width * 0.25, y: person.y, width: person.width * 0.5, height: person.height * 0.28 },
    upper: { x: axis - half, y: person.y + top * person.height, width: 2 * half, height: (bottom - top) * person.height },
  };
}

function rows(person: Box, [top, bottom]: readonly [number, number], body: number): Box {
  const half = Math.min(person.width, 0.14 * body) / 2;
  const from = Math.min(top * body, person.height / 2);
  return {
    x: person.x + person.width / 2 - half,
    y: person.y + from,
    width: 2 * half,
    height: Math.min((bottom - top) * body, person.height - from),
  };
}

function coreSeen(axis: number, body: number, person: Box): number {
  const half = CORE_HALF_WIDTH * body;
  const left = Math.max(person.x, axis - half);
  const right = Math.min(person.x + person.width, axis + half);
  return Math.max(0, right - left) / (2 * half);
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };
}
