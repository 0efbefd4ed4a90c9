import type { Party } from "../../schema.ts";
import type { Sourced } from "../../sourced.ts";
import { hasPostCode, joinAddress } from "../address.ts";
import { foundAt } from "../reading.ts";
import type { Reading, TextRow } from "../reading.ts";
import { cleanName } from "./block.ts";

interface Part {
  readonly text: string;
  readonly from: number;
}

/** Share of the first page's height in which it may stand. */
const UPPER = 0.45;

/** Name, street, another line of the address, town, country. */
const MOST_PARTS = 5;

/** "Company • Street 1 • 12345 Town" in small print above the window of a letter, or at the page's head. */
export function senderLine(reading: Reading): { readonly party: Sourced<Party>; readonly row: TextRow } | undefined {
  const [first] = reading.sheets;
  for (const row of reading.rows) {
    if (first === undefined || row.sheet !== first || row.row.box.y > UPPER * first.height) return undefined;
    const party = senderOn(row);
    if (party !== undefined) return { party, row };
  }
  return undefined;
}

function senderOn(row: TextRow): Sourced<Party> | undefined {
  const parts = [...row.text.matchAll(/[^•·●|∙■‧*]+(?:$|(?=[•·●|∙■‧*]))/gu)].flatMap(splitSoft);
  // The last of them: "1200 rue du Port" looks like a post code with its town.
  const post = parts.slice(0, MOST_PARTS).findLastIndex(({ text }, index) => index > 0 && hasPostCode(text));
  const [name, street] = parts;
  const town = parts[post];
  if (parts.length < 3 || post < 1 || name === undefined || street === undefined || town === undefined) return undefined;
  if (!/\p{L}{2}/u.test(name.text) || parts.slice(0, post).some(({ text }) => /@|:/.test(text))) return undefined;
  const next = parts[post + 1];
  const country = next !== undefined && /^[\p{L}\s]{3,20}$/u.test(firstCell(next)) ? next : undefined;
  const last = country ?? town;
  const address = [
    ...parts.slice(1, post).map(({ text }) => text),
    firstCell(town),
    ...(country === undefined ? [] : [firstCell(country)]),
  ];
  return {
    name: foundAt(row, name.from, name.from + name.text.length, cleanName(oneLine(name.text)), 0.85),
    address: foundAt(row, street.from, last.from + firstCell(last).length, joinAddress(address.map(oneLine)), 0.8),
  };
}

const firstCell = ({ text }: Part): string => text.split("\t")[0] ?? "";
const oneLine = (text: string): string => text.replaceAll("\t", " ").trim();

/** A part split again at " - ", " – " and commas, with where each piece begins. */
function splitSoft(match: RegExpExecArray): Part[] {
  const parts: Part[] = [];
  for (const piece of match[0].matchAll(/(?:(?!\s[-–—]\s|,\s).)+/gsu)) {
    const raw = piece[0].replace(/^(?:\s?[-–—]\s|,\s)/u, "");
    const lead = piece[0].length - raw.length + (/^\s*/.exec(raw)?.[0].length ?? 0);
    const text = raw.trim();
    if (text !== "") parts.push({ text, from: match.index + piece.index + lead });
  }
  return parts;
}
