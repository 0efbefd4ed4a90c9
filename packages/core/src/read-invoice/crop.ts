import type { Grounds } from "../grounding.ts";
import { clampBox, unionBox } from "../page.ts";
import type { Box, Page } from "../page.ts";
import type { InvoiceField, ListName } from "./fields.ts";
import { ground, groundList } from "./model-reply.ts";
import type { Reply, Wanted } from "./model-reply.ts";
import { isWithin } from "./reading.ts";
import type { Reading } from "./reading.ts";

/** A part of a page, and what is to be read from it. */
export interface Crop {
  readonly page: number;
  readonly box: Box;
  readonly wanted: Wanted;
}

/** What is shown above and below a value, in its own heights, and at most as a share of the page: its label and its neighbours. */
const MARGIN = 2;
const MOST_MARGIN = 1 / 15;

/** A crop is at least this share of the page high: a value alone tells nobody what it is. */
const LEAST_SHARE = 1 / 20;

/**
 * For each page the rows, as wide as the page, that hold what is wanted: where it was read, else where the model's own quotes stand; the whole page
 * where neither is known (the first one, the last one for totals).
 */
export function cropFor({ fields, lists }: Wanted, reading: Reading, reply: Reply, grounds: Grounds): Crop[] {
  const byPage = new Map<number, { boxes: (Box | undefined)[]; fields: InvoiceField[]; lists: ListName[] }>();
  const on = (page: number): { boxes: (Box | undefined)[]; fields: InvoiceField[]; lists: ListName[] } => {
    const known = byPage.get(page) ?? { boxes: [], fields: [], lists: [] };
    byPage.set(page, known);
    return known;
  };
  const unplaced = (last: boolean): number | undefined => grounds.pages.at(last ? -1 : 0)?.number;

  for (const field of fields) {
    const read = reading.evidence[field.path];
    const said = ground(reply.fields[field.path], field, grounds)?.place;
    const page = read?.page ?? said?.page ?? unplaced(field.last === true);
    if (page === undefined) continue;
    on(page).fields.push(field);
    on(page).boxes.push(read?.box ?? said?.box);
  }
  for (const list of lists) {
    const evidence = { ...reading.evidence, ...groundList(list, reply, grounds)?.evidence };
    const places = Object.entries(evidence).filter(([path, { box }]) => isWithin(path, list) && box !== undefined);
    const page = places[0]?.[1].page ?? unplaced(false);
    if (page === undefined) continue;
    on(page).lists.push(list);
    const boxes = places.flatMap(([, each]) => (each.page === page ? (each.box ?? []) : []));
    on(page).boxes.push(unionBox(boxes));
  }
  return [...byPage].flatMap(([number, { boxes, ...wanted }]) => {
    const page = grounds.pages.find((each) => each.number === number);
    return page === undefined ? [] : [{ page: number, box: rowsOf(boxes, page), wanted }];
  });
}

function rowsOf(boxes: readonly (Box | undefined)[], { width, height }: Page): Box {
  const whole = { x: 0, y: 0, width, height };
  const known = boxes.filter((box) => box !== undefined);
  const box = unionBox(known);
  if (box === undefined || known.length < boxes.length) return whole;
  const tallest = Math.max(...known.map((each) => each.height));
  const margin = Math.max(Math.min(MARGIN * tallest, MOST_MARGIN * height), (LEAST_SHARE * height - box.height) / 2);
  return clampBox({ x: 0, y: box.y - margin, width, height: box.height + 2 * margin }, width, height) ?? whole;
}
