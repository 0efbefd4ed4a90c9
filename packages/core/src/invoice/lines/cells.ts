import type { Segment } from "./layout.ts";
import { hasLegalForm } from "./legal-forms.ts";
import type { TextRow } from "./reading.ts";
import type { FieldKind } from "./words/words.ts";

/** A segment with the row it stands on and its place in that row's text. */
export interface Cell {
  readonly row: TextRow;
  readonly segment: Segment;
  readonly from: number;
  readonly to: number;
}

export function cellsOf(rows: readonly TextRow[]): Cell[] {
  return rows.flatMap((row) =>
    row.row.segments.map((segment, index) => {
      const from = row.starts[index] ?? 0;
      return { row, segment, from, to: from + segment.text.length };
    }),
  );
}

/** Labels inside a cell. */
export function labelsIn(cell: Cell): TextRow["labels"] {
  return cell.row.labels.filter(({ from }) => from >= cell.from && from < cell.to);
}

/** Kinds of labels that begin a cell. */
export function openingKinds(cell: Cell): readonly FieldKind[] {
  return labelsIn(cell).flatMap(({ from, kinds }) => (from === cell.from ? kinds : []));
}

/** Labels that say of the rest of their cell that it is no name and no address. */
const NO_ADDRESS: ReadonlySet<FieldKind> = new Set<FieldKind>(
  (
    "number date dueDate deliveryDate otherDate customerNumber orderNumber buyerReference precedingInvoice otherNumber currency page " +
    "vatId buyerVatId taxId registration contact management iban bic bank paymentReference paymentTerms " +
    "invoice creditNote corrected receipt selfBilled partial prepayment debitNote proforma " +
    "subtotal net tax gross total due till thanks cash change charges allowances"
  ).split(" ") as FieldKind[],
);

const WEB_ADDRESS = /@|https?:|www\.|\p{L}{2,}\.(?:de|com|fr|net|org|eu|it|es|nl|my|sg|io|pt|cn|ch|at|be)\b/iu;

/** Whether a cell is about something else than a name or a street: a labelled value, a web address, a date. */
export function isOther(cell: Cell): boolean {
  const { text } = cell.segment;
  const first = labelsIn(cell)[0];
  if (first !== undefined && isPartyHeading(cell, first)) return true;
  const lead = first === undefined ? "" : cell.row.text.slice(cell.from, first.from);
  if (first !== undefined && first.kinds.some((kind) => NO_ADDRESS.has(kind)) && !/[\p{L}\p{N}]/u.test(lead)) {
    // A name may begin with such a word ("Bank of …", "Ticket Master GmbH"): a legal form saves it.
    return !(hasLegalForm(text) && !/[:#]/.test(text));
  }
  return WEB_ADDRESS.test(text) || !/\p{L}/u.test(text) || cell.row.dates.some(({ from }) => from >= cell.from && from < cell.to);
}

const PARTY_KINDS: ReadonlySet<FieldKind> = new Set<FieldKind>(["seller", "buyer", "otherParty"]);

/** "Delivery address", with nothing else in its cell. */
function isPartyHeading({ row, from, to }: Cell, label: TextRow["labels"][number]): boolean {
  const rest = row.text.slice(from, label.from) + row.text.slice(label.to, to);
  return label.kinds.some((kind) => PARTY_KINDS.has(kind)) && !/[\p{L}\p{N}]/u.test(rest);
}
