import type { Party } from "../schema.ts";
import type { Sourced } from "../sourced.ts";
import { hasPostCode, isAddressLine, joinAddress } from "./address.ts";
import { cellsOf, isOther, openingKinds } from "./cells.ts";
import type { Cell } from "./cells.ts";
import { bottomOf } from "./layout.ts";
import { legalFormEnd } from "./legal-forms.ts";
import { foundIn } from "./reading.ts";
import type { Reading } from "./reading.ts";
import { cleanName } from "./parties/block.ts";
import type { FieldKind } from "./words/words.ts";

/** Receipts: a till's narrow print, the shop at its head. */

/** What speaks for a receipt, by the words on it. */
const SIGNS: Readonly<Partial<Record<FieldKind, number>>> = { receipt: 2, change: 2, cash: 1, till: 1, thanks: 1, card: 1, rounding: 1 };
/** Higher than this times its width, a page is a strip off a roll; A4 is 1.41. */
const STRIP = 1.5;
/** What such a shape counts. */
const STRIP_SIGN = 2;
/** Signs that are needed. */
const ENOUGH = 3;

/** Whether the pages are one receipt rather than an invoice. */
export function isReceipt(reading: Reading): boolean {
  const [first] = reading.sheets;
  if (first === undefined || reading.sheets.length > 1) return false;
  const kinds = new Set(reading.labels.flatMap(({ label }) => label.kinds));
  const signs = Object.entries(SIGNS).reduce((sum, [kind, weight]) => sum + (kinds.has(kind as FieldKind) ? weight : 0), 0);
  return signs + (first.height > STRIP * first.width ? STRIP_SIGN : 0) >= ENOUGH && !kinds.has("iban");
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
  // "BANDAR BOOK" over "CO. (M) SDN BHD".
  const parts = before !== undefined && isFormAlone(named) && isName(before) ? [before, named] : [named];
  // The register's number first: "(CO. NO: 123456-X)" would end the name at its "CO."
  const text = withoutRegistration(parts.map(({ segment }) => segment.text).join(" "));
  const end = legalFormEnd(text);
  const segments = parts.map(({ segment }) => segment);
  const name = foundIn(sheet, segments, mendLetters(cleanName(text.slice(0, end))), end === undefined ? 0.6 : 0.85);
  const address = addressBelow(head.slice(at + 1)).map(({ segment }) => segment);
  if (address.length === 0) return { name };
  return { name, address: foundIn(sheet, address, mendLetters(joinAddress(address.map(({ text: line }) => line))), 0.75) };
}

function nameIndex(head: readonly Cell[]): number {
  // "40150 SHAH ALAM SE": what is left of a town may look like a form.
  const withForm = head.findIndex(
    (cell, index) => index < NAME_ROWS && legalFormEnd(cell.segment.text) !== undefined && isName(cell) && !hasPostCode(cell.segment.text),
  );
  return withForm === -1 ? head.findIndex(isName) : withForm;
}

function isName(cell: Cell): boolean {
  const letters = cell.segment.text.replaceAll(/[^\p{L}]/gu, "");
  // A note by hand is in small letters, a name is not.
  return letters.length >= 3 && /[\p{Lu}\p{Lo}]/u.test(letters) && !isOther(cell) && !isRegistration(cell.segment.text);
}

/** Words in front of a legal form that are part of it: "CO. (M) SDN BHD". */
function isFormAlone({ segment }: Cell): boolean {
  return legalFormEnd(segment.text) !== undefined && /^(?:co\b|company\b|sdn\b|\(?m\)?\s*sdn\b|gmbh\b|ltd\b)/iu.test(segment.text);
}

/** "(123456-A)", "CO. REG. NO. 123456-X", "JM0123456-V": a company's number in a register. */
function isRegistration(text: string): boolean {
  return /^\W*(?:(?:co|company|reg|br|roc|gst)\b[\s.:]*)*(?:(?:reg|no)\b[\s.:]*)*[A-Z]{0,3}\d{5,}\s?-?\s?[A-Z]?\W*$/iu.test(text);
}

/** "Kua1a Lumpur", "Me1aka": digits among small letters were letters before they were recognised. The quote keeps them. */
function mendLetters(text: string): string {
  return text.replaceAll(/(?<=\p{Ll})[01](?=\p{Ll})/gu, (digit) => (digit === "1" ? "l" : "o"));
}

/** A register's number that is printed, or was read, at the end of a name: "MAJU SDN BHD 123456-X", "(KL) SDN BHD (123456 X)". */
function withoutRegistration(name: string): string {
  return name.replace(/\s*\(?(?:(?:co|company|reg|roc|no)\b[\s.:]*)*\d{5,7}\s?-?\s?[A-Z]?\)?(?:\s*\([A-Z\d]{2,4}\))?$/iu, "");
}

/** More lines are no address. */
const LONGEST_ADDRESS = 6;
/** Line heights between two lines of one address. */
const WIDEST_GAP = 0.9;
/** Lines between the name and the address: registers, taxes, the kind of document. */
const MOST_BETWEEN = 5;

/** From the first line that reads like an address to the next one that is something else. */
function addressBelow(cells: readonly Cell[]): Cell[] {
  const lines: Cell[] = [];
  for (const [index, cell] of cells.entries()) {
    const isPart = isAddressPart(cell);
    if (lines.length === 0) {
      if (index > MOST_BETWEEN || openingKinds(cell).includes("buyer")) return [];
      if (isPart && beginsAddress(cell.segment.text)) lines.push(cell);
      continue;
    }
    const { box } = cell.segment;
    const isApart = box.y - bottomOf(lines.at(-1)?.segment.box ?? box) > WIDEST_GAP * cell.row.sheet.lineHeight;
    if (!isPart || isApart || lines.length >= LONGEST_ADDRESS) break;
    lines.push(cell);
  }
  return lines;
}

/** On a receipt the first line with a number in it after the name is its street, as little as a recogniser may leave of the word. */
function beginsAddress(text: string): boolean {
  return isAddressLine(text) || (/\d/.test(text) && text.replaceAll(/[^\p{L}]/gu, "").length >= FEWEST_LETTERS);
}

/** Letters of a line that is more than a code. */
const FEWEST_LETTERS = 3;

/** Digits in a row, with hyphens between them, that are a telephone's or a register's. */
const LONG_NUMBER = /(?:\d-?){8,}/;

function isAddressPart(cell: Cell): boolean {
  const { text } = cell.segment;
  const printed = cell.row.text.replaceAll(/[\s()]/g, "");
  if (LONG_NUMBER.test(printed) || isRegistration(text)) return false;
  return isAddressLine(text) || !isOther(cell) || /^\W*(?:no|lot)\W*\d/iu.test(text);
}
