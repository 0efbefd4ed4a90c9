import type { Party } from "../../schema.ts";
import type { Sourced } from "../../sourced.ts";
import { hasPostCode, joinAddress } from "../address.ts";
import { cellsOf, labelsIn } from "../cells.ts";
import type { Cell } from "../cells.ts";
import { bottomOf, overlapX } from "../layout.ts";
import { afterLabel, boxOf, foundAt, foundIn, labelsOf, opensSegment, rowsBelow } from "../reading.ts";
import type { Placed, Reading, Weighed } from "../reading.ts";
import { blockParty } from "./block.ts";

/** Parties under a heading of their own: "Seller:", "Bill to". */

type PartyKind = "seller" | "buyer" | "otherParty";
const PARTY_KINDS: readonly PartyKind[] = ["seller", "buyer", "otherParty"];

/** More cells than this below a heading are another part of the page. */
const LONGEST_BLOCK = 24;
/** Line heights between two lines of a block, and between its town and what still belongs to it. */
const WIDEST_GAP = 4.5;
const WIDEST_GAP_AFTER_TOWN = 2;
/** An address that goes on below its label has no more lines than this. */
const LONGEST_ADDRESS = 5;

export function labelledParty(reading: Reading, kind: "seller" | "buyer"): Sourced<Party> | undefined {
  for (const placed of headings(reading, kind)) {
    const cells = cellsBelow(reading, placed).filter(({ isValue }) => !isValue);
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
  return labelsOf(reading, kind).filter((placed) => isPartyLabel(placed.label) && isHeading(placed));
}

function isHeading(placed: Placed): boolean {
  const rest = (afterLabel(placed).text.split("\t")[0] ?? "").trim();
  return opensSegment(placed) && (rest === "" || /^[:：.]/.test(rest));
}

/** A cell of a party's block. */
interface BlockCell extends Cell {
  /** It stands beside a label of the block ("VAT no.: …"), outside the heading's column. */
  readonly isValue: boolean;
}

/** What stands behind a heading and below it, before the next heading or a gap. */
function cellsBelow(reading: Reading, { row, label }: Placed): BlockCell[] {
  const box = boxOf(row, label.from, label.to);
  const cells: BlockCell[] = [];
  const rest = afterLabel({ row, label });
  const inline = rest.text.split("\t")[0] ?? "";
  const lead = /^[\s:：.]*/.exec(inline)?.[0].length ?? 0;
  if (inline.slice(lead).trim() !== "") {
    const own = cellsOf([row]).find(({ from, to }) => from <= label.from && label.from < to);
    if (own !== undefined) cells.push({ ...own, from: rest.from + lead, to: rest.from + inline.length, isValue: false });
  }
  let bottom = bottomOf(row.row.box);
  let isWhole = false;
  for (const next of rowsBelow(row, reading)) {
    const all = cellsOf([next]);
    const aligned = all.filter(
      ({ segment }) => overlapX(segment.box, box) > 0 || Math.abs(segment.box.x - box.x) < 1.5 * row.sheet.lineHeight,
    );
    if (aligned.length === 0) continue;
    if (next.row.box.y - bottom > (isWhole ? WIDEST_GAP_AFTER_TOWN : WIDEST_GAP) * row.sheet.lineHeight) break;
    if (aligned.some((cell) => labelsIn(cell).some((other) => isPartyLabel(other) && isHeading({ row: next, label: other })))) break;
    bottom = bottomOf(next.row.box);
    isWhole ||= aligned.some(({ segment }) => hasPostCode(segment.text));
    for (const [index, cell] of all.entries()) {
      const isValue = isLabelAlone(all[index - 1], aligned);
      if (isValue || aligned.includes(cell)) cells.push({ ...cell, isValue });
    }
    if (cells.length > LONGEST_BLOCK) break;
  }
  return cells;
}

/** A person to talk to is part of a party's block and begins no other. */
function isPartyLabel({ kinds }: Placed["label"]): boolean {
  return !kinds.includes("contact") && kinds.some((kind) => (PARTY_KINDS as readonly string[]).includes(kind));
}

/** Whether a cell is one of `cells` and holds a label with nothing behind it. */
function isLabelAlone(cell: Cell | undefined, cells: readonly Cell[]): boolean {
  if (cell === undefined || !cells.includes(cell)) return false;
  const label = labelsIn(cell).find(({ from }) => from === cell.from);
  return label !== undefined && !/[\p{L}\p{N}]/u.test(cell.row.text.slice(label.to, cell.to));
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
    if (label.kinds.includes("partyName")) name ??= nameFrom(reading, cell, label.to + lead);
    else if (label.kinds.includes("partyAddress")) address ??= addressFrom(reading, cell, label.to + lead);
  }
  return name === undefined ? undefined : { name, address };
}

/** A name after its label; its first line may stand above, where the label is set beside the middle of two. */
function nameFrom(reading: Reading, { row }: Cell, from: number): Weighed | undefined {
  const column = cellsOf([row]).find(({ to }) => to > from);
  const above = reading.rows[row.index - 1];
  const [first, ...others] = above?.row.segments ?? [];
  const value = row.text.slice(from).replaceAll("\t", " ").trim();
  const isFirstLine =
    column !== undefined &&
    above?.sheet === row.sheet &&
    first !== undefined &&
    others.length === 0 &&
    above.labels.length === 0 &&
    Math.abs(first.box.x - column.segment.box.x) < row.sheet.lineHeight / 2 &&
    row.row.box.y - bottomOf(first.box) < row.sheet.lineHeight;
  if (!isFirstLine) return foundAt(row, from, row.text.length, value, 0.93);
  return foundIn(row.sheet, [first, column.segment], `${first.text} ${value}`, 0.9);
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
  const found = foundIn(row.sheet, segments, joinAddress(lines), 0.85);
  return { ...found, evidence: { ...found.evidence, quote: lines.join("\n") } };
}
