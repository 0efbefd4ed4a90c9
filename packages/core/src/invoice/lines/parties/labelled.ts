import type { Party } from "../../schema.ts";
import type { Sourced } from "../../sourced.ts";
import { cellsOf, labelsIn, openingKinds } from "../cells.ts";
import type { Cell } from "../cells.ts";
import { bottomOf, overlapX } from "../layout.ts";
import { afterLabel, boxOf, foundAt, foundIn, labelsOf, opensSegment } from "../reading.ts";
import type { Placed, Reading, Weighed } from "../reading.ts";
import { blockParty } from "./block.ts";

/** Parties under a heading of their own: "Seller:", "Bill to". */

type PartyKind = "seller" | "buyer" | "otherParty";
const PARTY_KINDS: readonly PartyKind[] = ["seller", "buyer", "otherParty"];

/** More cells than this below a heading are another part of the page. */
const LONGEST_BLOCK = 16;
/** An address that goes on below its label has no more lines than this. */
const LONGEST_ADDRESS = 5;

export function labelledParty(reading: Reading, kind: "seller" | "buyer"): Sourced<Party> | undefined {
  for (const placed of headings(reading, kind)) {
    const cells = cellsBelow(reading, placed);
    const party = namedParty(reading, cells) ?? blockParty(cells, 0.9);
    if (party?.name !== undefined) return party;
  }
  return undefined;
}

/** Cells of the blocks under the headings of such a party, as `cellKey` names them. */
export function labelledCells(reading: Reading, ...kinds: readonly PartyKind[]): ReadonlySet<string> {
  return new Set(kinds.flatMap((kind) => headings(reading, kind)).flatMap((placed) => cellsBelow(reading, placed).map(cellKey)));
}

export function cellKey({ row, from }: Cell): string {
  return `${row.index}:${from}`;
}

/** A party's label that opens a segment and has nothing behind it there, or a colon before a name. */
function headings(reading: Reading, kind: PartyKind): Placed[] {
  return labelsOf(reading, kind).filter((placed) => {
    const rest = (afterLabel(placed).text.split("\t")[0] ?? "").trim();
    return opensSegment(placed) && (rest === "" || /^[:：.]/.test(rest));
  });
}

/** What stands behind a heading and below it, before the next heading or a gap. */
function cellsBelow(reading: Reading, { row, label }: Placed): Cell[] {
  const box = boxOf(row, label.from, label.to);
  const cells: Cell[] = [];
  const rest = afterLabel({ row, label });
  const inline = rest.text.split("\t")[0] ?? "";
  const lead = /^[\s:：.]*/.exec(inline)?.[0].length ?? 0;
  if (inline.slice(lead).trim() !== "") {
    const own = cellsOf([row]).find(({ from, to }) => from <= label.from && label.from < to);
    if (own !== undefined) cells.push({ ...own, from: rest.from + lead, to: rest.from + inline.length });
  }
  let bottom = bottomOf(row.row.box);
  for (const next of reading.rows.slice(row.index + 1)) {
    if (next.sheet !== row.sheet) break;
    const aligned = cellsOf([next]).filter(
      ({ segment }) => overlapX(segment.box, box) > 0 || Math.abs(segment.box.x - box.x) < 1.5 * row.sheet.lineHeight,
    );
    if (aligned.length === 0) continue;
    if (next.row.box.y - bottom > 4.5 * row.sheet.lineHeight) break;
    if (aligned.some((cell) => openingKinds(cell).some((kind) => (PARTY_KINDS as readonly string[]).includes(kind)))) break;
    bottom = bottomOf(next.row.box);
    cells.push(...aligned);
    if (cells.length > LONGEST_BLOCK) break;
  }
  return cells;
}

/** "Name: …" and "Address: …" inside a party's block. */
function namedParty(reading: Reading, cells: readonly Cell[]): Sourced<Party> | undefined {
  let name: Weighed | undefined;
  let address: Weighed | undefined;
  for (const cell of cells) {
    const label = labelsIn(cell)[0];
    if (label === undefined || label.from !== cell.from) continue;
    const rest = cell.row.text.slice(label.to);
    const lead = /^[\s:：.]*/.exec(rest)?.[0].length ?? 0;
    const value = rest.slice(lead).replaceAll("\t", " ").trim();
    if (value === "") continue;
    if (label.kinds.includes("partyName")) name ??= foundAt(cell.row, label.to + lead, cell.row.text.length, value, 0.93);
    else if (label.kinds.includes("partyAddress")) address ??= addressFrom(reading, cell, label.to + lead);
  }
  return name === undefined ? undefined : { name, address };
}

/** An address that begins after its label and goes on below, in the column of its values. */
function addressFrom(reading: Reading, { row }: Cell, from: number): Weighed | undefined {
  const column = cellsOf([row]).find(({ to }) => to > from);
  if (column === undefined) return undefined;
  const segments = [column.segment];
  for (const next of reading.rows.slice(row.index + 1, row.index + LONGEST_ADDRESS)) {
    const [first] = next.row.segments;
    const isBeside = first !== undefined && Math.abs(first.box.x - column.segment.box.x) < row.sheet.lineHeight;
    if (next.sheet !== row.sheet || !isBeside || next.labels.some((label) => label.from === next.starts[0])) break;
    segments.push(first);
  }
  const head = row.text.slice(from).replaceAll("\t", " ").trim();
  const lines = [head, ...segments.slice(1).map(({ text }) => text)];
  const found = foundIn(row.sheet, segments, lines.join(", "), 0.85);
  return { ...found, evidence: { ...found.evidence, quote: lines.join("\n") } };
}
