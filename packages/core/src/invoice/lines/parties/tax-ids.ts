import { cellsOf } from "../cells.ts";
import { vatIdsIn } from "../ids.ts";
import { afterLabel, best, foundAt, labelsOf } from "../reading.ts";
import type { Reading, Weighed } from "../reading.ts";
import type { FieldKind } from "../words/words.ts";
import { cellKey, labelledCells } from "./labelled.ts";

interface SidedId {
  readonly side: "seller" | "buyer" | "unknown";
  readonly found: Weighed;
}

const ID_KINDS: ReadonlySet<FieldKind> = new Set<FieldKind>(["vatId", "buyerVatId", "taxId", "iban", "bank"]);

/** Whose VAT ids they are: the block they stand in says it, the label that says "your", else they are the seller's. */
export function readVatIds(reading: Reading): { readonly seller: Weighed | undefined; readonly buyer: Weighed | undefined } {
  const sellers = labelledCells(reading, "seller");
  const buyers = labelledCells(reading, "buyer", "otherParty");
  const ids = cellsOf(reading.rows).flatMap((cell) =>
    vatIdsIn(cell.segment.text, { ocr: cell.row.sheet.ocr }).flatMap(({ value, from, to }): SidedId[] => {
      const label = cell.row.labels.findLast((one) => one.to <= cell.from + from + 1 && one.kinds.some((kind) => ID_KINDS.has(kind)));
      const isLabelled = label?.kinds.some((kind) => kind === "vatId" || kind === "buyerVatId") === true;
      const isBank = label?.kinds.some((kind) => kind === "iban" || kind === "bank") === true;
      // Beside another label it is that label's: a customer's or an order's number.
      if (!isLabelled && (isBank || (label === undefined && cell.row.labels.length > 0))) return [];
      const key = cellKey(cell);
      const side = label?.kinds.includes("buyerVatId") === true || buyers.has(key) ? "buyer" : sellers.has(key) ? "seller" : "unknown";
      const confidence = side === "unknown" ? (isLabelled ? 0.85 : 0.5) : isLabelled ? 0.95 : 0.7;
      const foot = cell.row.row.box.y > 0.8 * cell.row.sheet.height ? 0.04 : 0;
      return [{ side, found: foundAt(cell.row, cell.from + from, cell.from + to, value, confidence + foot) }];
    }),
  );
  const of = (wanted: SidedId["side"]): Weighed[] => ids.flatMap(({ side, found }) => (side === wanted ? [found] : []));
  const buyer = best(of("buyer"));
  return { buyer, seller: best(of("seller")) ?? best(of("unknown").filter(({ value }) => value !== buyer?.value)) };
}

/** Digits of the shortest tax number. */
const FEWEST_DIGITS = 5;

/** A tax number that is no VAT id, after its label. */
export function readTaxId(reading: Reading): Weighed | undefined {
  for (const placed of labelsOf(reading, "taxId")) {
    const { text, from } = afterLabel(placed);
    const match = /^[\s:：.#=-]*((?=[^\t]*\d)[\p{L}\d][\p{L}\d/ .-]{4,24}[\p{L}\d])/u.exec(text);
    const printed = match?.[1]?.split(/\s(?=\p{L}{2,}|[-–]\s)/u)[0]?.replace(/[\s.-]+$/, "");
    if (match === null || printed === undefined || (printed.match(/\d/g) ?? []).length < FEWEST_DIGITS) continue;
    const start = from + match[0].indexOf(printed);
    return foundAt(placed.row, start, start + printed.length, printed, 0.8);
  }
  return undefined;
}
