import type { Party } from "../../schema.ts";
import type { Sourced } from "../../sourced.ts";
import { cellsOf, isOther, labelsIn, openingKinds } from "../cells.ts";
import type { Cell } from "../cells.ts";
import { fold } from "../fold.ts";
import { overlapX } from "../layout.ts";
import { legalFormEnd } from "../legal-forms.ts";
import { foundAt } from "../reading.ts";
import type { Reading, Weighed } from "../reading.ts";
import type { FieldKind } from "../words/words.ts";
import { blockParty, cleanName } from "./block.ts";

const REGISTER: ReadonlySet<FieldKind> = new Set<FieldKind>(["vatId", "taxId", "registration", "management", "contact"]);

/** Characters; a longer line is a sentence. */
const LONGEST_NAME = 70;

/** The seller by its letterhead: a name with a legal form at the page's head, or in its foot beside registers and VAT ids; what is printed more than once is likelier. */
export function letterhead(reading: Reading, buyer: Sourced<Party> | undefined): Sourced<Party> {
  const [first] = reading.sheets;
  if (first === undefined) return {};
  const cells = cellsOf(reading.rows.filter(({ sheet }) => sheet === first));
  const buyerName = fold(buyer?.name?.value ?? "");
  const hosts = hostNames(cells).filter((host) => host.length > 3);
  const candidates = cells.flatMap((cell, index) => {
    const name = nameOn(cell, first.height);
    if (name === undefined || fold(name) === buyerName) return [];
    return [{ cell, index, found: weighName({ name, cell, index, cells, hosts, first }) }];
  });
  const chosen = candidates.toSorted((a, b) => b.found.confidence - a.found.confidence)[0];
  if (chosen === undefined) return {};
  const below = cells
    .slice(chosen.index + 1)
    .filter(
      ({ segment }) =>
        Math.abs(segment.box.x - chosen.cell.segment.box.x) < 3 * first.lineHeight || overlapX(segment.box, chosen.cell.segment.box) > 0,
    );
  return { name: chosen.found, address: blockParty([chosen.cell, ...below.slice(0, 6)], chosen.found.confidence)?.address };
}

/** The name that a cell may be: up to its legal form, or the whole of it at the page's head. */
function nameOn(cell: Cell, height: number): string | undefined {
  const { text, box } = cell.segment;
  const end = legalFormEnd(text);
  if (text.length > LONGEST_NAME || !/\p{L}{2}/u.test(text)) return undefined;
  if (openingKinds(cell).some((kind) => kind === "buyer" || kind === "otherParty")) return undefined;
  if (end === undefined && (isOther(cell) || box.y > 0.25 * height)) return undefined;
  const name = cleanName(text.slice(0, end)).replace(/^(?:from|seller|von)\s*:\s*/iu, "");
  return name === "" ? undefined : name;
}

interface NameCandidate {
  readonly name: string;
  readonly cell: Cell;
  readonly index: number;
  readonly cells: readonly Cell[];
  readonly hosts: readonly string[];
  readonly first: Reading["sheets"][number];
}

function weighName({ name, cell, index, cells, hosts, first }: NameCandidate): Weighed {
  const { text, box } = cell.segment;
  const end = legalFormEnd(text);
  const top = box.y / first.height;
  const folded = fold(name);
  const hasRegister = cells
    .slice(index + 1, index + 5)
    .some((other) => labelsIn(other).some(({ kinds }) => kinds.some((kind) => REGISTER.has(kind))));
  const repeated = cells.filter((other) => other !== cell && fold(other.segment.text).includes(folded)).length;
  const place = top < 0.12 ? 0.25 : top < 0.25 ? 0.15 : top > 0.8 ? 0.12 : 0;
  const confidence =
    0.15 +
    (end === undefined ? 0 : 0.35) +
    place +
    (box.height > 1.4 * first.lineHeight ? 0.1 : 0) +
    (hosts.some((host) => folded.includes(host)) ? 0.15 : 0) +
    (hasRegister ? 0.12 : 0) +
    0.06 * Math.min(2, repeated);
  return foundAt(cell.row, cell.from, cell.from + (end ?? text.length), name, Math.min(0.84, confidence));
}

/** Names of hosts in web and mail addresses, folded, without their ending. */
function hostNames(cells: readonly Cell[]): string[] {
  return cells.flatMap(({ segment }) =>
    [...segment.text.matchAll(/(?:@|www\.|https?:\/\/(?:www\.)?)([\w-]+)\./gi)].map((match) => fold(match[1] ?? "")),
  );
}
