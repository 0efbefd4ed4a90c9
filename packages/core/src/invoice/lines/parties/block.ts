import type { Party } from "../../schema.ts";
import type { Sourced } from "../../sourced.ts";
import { hasPostCode, isAddressLine, isStreetLine, joinAddress } from "../address.ts";
import { isOther } from "../cells.ts";
import type { Cell } from "../cells.ts";
import { fold } from "../fold.ts";
import { bottomOf } from "../layout.ts";
import { hasLegalForm } from "../legal-forms.ts";
import { foundAt, foundIn } from "../reading.ts";
import { LANGUAGES } from "../words/index.ts";

const SALUTATIONS = new Set(LANGUAGES.flatMap(({ salutations }) => salutations).map(fold));

/** More lines than this are no name with an address. */
const LONGEST_BLOCK = 8;

/** A block of lines one below the other: the name first, then the address; what is labelled otherwise is left out. */
export function blockParty(cells: readonly Cell[], confidence: number): Sourced<Party> | undefined {
  const lines = addressedLines(cells);
  const [first, second] = lines;
  if (first === undefined) return undefined;
  const { sheet } = first.row;
  const isTwoLines = second !== undefined && isNameGoingOn(first, second);
  const name = isTwoLines
    ? foundIn(sheet, [first.segment, second.segment], `${cleanName(first.segment.text)} ${cleanName(second.segment.text)}`, confidence)
    : foundAt(first.row, first.from, first.to, cleanName(first.row.text.slice(first.from, first.to)), confidence);
  const rest = lines.slice(isTwoLines ? 2 : 1);
  const address = addressLines(rest);
  if (address.length === 0) return { name };
  const segments = address.map(({ segment }) => segment);
  return { name, address: foundIn(sheet, segments, joinAddress(segments.map(({ text }) => text)), confidence - 0.1) };
}

/** "Alte Mühle" over "Bäckerei und Café GmbH": a name whose second line has the legal form. */
function isNameGoingOn(first: Cell, second: Cell): boolean {
  const { text } = second.segment;
  return !hasLegalForm(first.segment.text) && hasLegalForm(text) && !/\d/.test(text);
}

/** The lines of a block up to its end: a gap or something else after its post code. */
function addressedLines(cells: readonly Cell[]): Cell[] {
  const lines: Cell[] = [];
  let bottom: number | undefined;
  for (const cell of cells) {
    const { box, text } = cell.segment;
    const isWhole = lines.some(({ segment }) => hasPostCode(segment.text));
    // What follows after an empty line is still the address until one was seen whole.
    if (bottom !== undefined && isWhole && box.y - bottom > 1.2 * cell.row.sheet.lineHeight) break;
    bottom = Math.max(bottom ?? 0, bottomOf(box));
    if (isOther(cell) && !(lines.length > 0 && hasPostCode(text))) {
      if (isWhole) break;
      continue;
    }
    if (SALUTATIONS.has(fold(cell.row.text.slice(cell.from, cell.to)))) {
      // Before a name; after one it begins the next party.
      if (lines.length > 0) break;
      continue;
    }
    lines.push(cell);
    if (lines.length >= LONGEST_BLOCK) break;
  }
  return lines;
}

/** Of the lines after a name those up to the post code, with a country below it; without a post code those that read like an address. */
function addressLines(lines: readonly Cell[]): readonly Cell[] {
  const isTown = (line: Cell | undefined): boolean => line !== undefined && hasPostCode(line.segment.text);
  let until = lines.findIndex(isTown);
  // "1200 rue du Port" looks like a post code with its town; the town is below it.
  if (isTown(lines[until + 1]) && isStreetLine(lines[until]?.segment.text ?? "")) until += 1;
  if (until === -1) return lines.filter(({ segment }) => isAddressLine(segment.text) || isStreetLine(segment.text));
  const address = lines.slice(0, until + 1);
  const last = address.at(-1);
  const country = lines[until + 1];
  const isCountry =
    last !== undefined &&
    country !== undefined &&
    /^\p{L}[\p{L}\s()/-]{2,30}$/u.test(country.segment.text) &&
    country.segment.box.y - last.segment.box.y < 2.5 * country.row.sheet.lineHeight;
  return isCountry ? [...address, country] : address;
}

/** Without bullets, colons and commas around it. */
export function cleanName(text: string): string {
  return text.replace(/^[\s:：|•·●,;-]+|[\s:：|•·●,;-]+$/gu, "");
}
