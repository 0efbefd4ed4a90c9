import type { Party } from "../schema.ts";
import type { Sourced } from "../sourced.ts";
import { hasPostCode, isAddressLine } from "./address.ts";
import { cellsOf, isOther, openingKinds } from "./cells.ts";
import type { Cell } from "./cells.ts";
import { legalFormEnd } from "./legal-forms.ts";
import { foundIn } from "./reading.ts";
import type { Reading } from "./reading.ts";
import { cleanName } from "./parties/block.ts";
import type { FieldKind } from "./words/words.ts";

/** Receipts: a till's narrow print, the shop at its head. */

/** What speaks for a receipt, by the words on it. */
const SIGNS: Readonly<Partial<Record<FieldKind, number>>> = { receipt: 2, change: 2, cash: 1, till: 1, thanks: 1, card: 1, rounding: 1 };
/** Signs that are needed, the shape counting one. */
const ENOUGH = 3;
/** Higher than this times its width, a page is a strip off a roll; A4 is 1.41. */
const STRIP = 1.5;

/** Whether the pages are one receipt rather than an invoice. */
export function isReceipt(reading: Reading): boolean {
  const [first] = reading.sheets;
  if (first === undefined || reading.sheets.length > 1) return false;
  const kinds = new Set(reading.labels.flatMap(({ label }) => label.kinds));
  const signs = Object.entries(SIGNS).reduce((sum, [kind, weight]) => sum + (kinds.has(kind as FieldKind) ? weight : 0), 0);
  return signs + (first.height > STRIP * first.width ? 1 : 0) >= ENOUGH && !kinds.has("iban");
}

/** Rows at the head of a receipt among which the shop's name and address stand. */
const HEAD_ROWS = 14;
/** Of them those that may hold its name. */
const NAME_ROWS = 6;

/** The shop: a name with a legal form near the top, else the first line that is a name; its address below. */
export function readShop(reading: Reading): Sourced<Party> {
  const [sheet] = reading.sheets;
  if (sheet === undefined) return {};
  const head = cellsOf(reading.rows.slice(0, HEAD_ROWS));
  const at = nameIndex(head);
  const named = head[at];
  if (named === undefined) return {};
  const before = head[at - 1];
  // "POPULAR BOOK" over "CO. (M) SDN BHD".
  const parts = before !== undefined && isFormAlone(named) && isName(before) ? [before, named] : [named];
  const text = parts.map(({ segment }) => segment.text).join(" ");
  const end = legalFormEnd(text);
  const segments = parts.map(({ segment }) => segment);
  const name = foundIn(sheet, segments, cleanName(text.slice(0, end)), end === undefined ? 0.6 : 0.85);
  const address = addressBelow(head.slice(at + 1)).map(({ segment }) => segment);
  if (address.length === 0) return { name };
  return { name, address: foundIn(sheet, address, address.map(({ text: line }) => line.trim()).join(", "), 0.75) };
}

function nameIndex(head: readonly Cell[]): number {
  const withForm = head.findIndex((cell, index) => index < NAME_ROWS && legalFormEnd(cell.segment.text) !== undefined && isName(cell));
  return withForm === -1 ? head.findIndex(isName) : withForm;
}

function isName(cell: Cell): boolean {
  const letters = cell.segment.text.replaceAll(/[^\p{L}]/gu, "");
  return letters.length >= 3 && !isOther(cell) && !isRegistration(cell.segment.text);
}

/** Words in front of a legal form that are part of it: "CO. (M) SDN BHD". */
function isFormAlone({ segment }: Cell): boolean {
  return legalFormEnd(segment.text) !== undefined && /^(?:co\b|company\b|sdn\b|\(?m\)?\s*sdn\b|gmbh\b|ltd\b)/iu.test(segment.text);
}

/** "(989625-A)", "CO. REG. NO. 933109-X", "JM0325955-V": a company's number in a register. */
function isRegistration(text: string): boolean {
  return /^\W*(?:(?:co|company|reg|br|roc|gst)\b[\s.]*)*(?:(?:reg|no)\b[\s.:]*)*[A-Z]{0,3}\d{5,}\s?-?\s?[A-Z]?\W*$/iu.test(text);
}

/** More lines are no address. */
const LONGEST_ADDRESS = 6;

/** From the first line that reads like an address to the next one that is something else. */
function addressBelow(cells: readonly Cell[]): Cell[] {
  const lines: Cell[] = [];
  for (const cell of cells) {
    const { text } = cell.segment;
    if (isRegistration(text) && lines.length === 0) continue;
    if (isOther(cell)) {
      if (lines.length > 0 || openingKinds(cell).length > 0) break;
      continue;
    }
    if (lines.length === 0 && !isAddressLine(text) && !/\d/.test(text) && !/,/.test(text)) continue;
    lines.push(cell);
    if (lines.length >= LONGEST_ADDRESS) break;
  }
  return lines.length === 1 && !lines.some(({ segment }) => hasPostCode(segment.text) || isAddressLine(segment.text)) ? [] : lines;
}
