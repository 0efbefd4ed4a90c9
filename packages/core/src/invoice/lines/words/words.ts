/** The words of one language that label something on an invoice or receipt, as data. Case, spaces, punctuation and accents do not matter: `fold.ts`. */

/** What a printed label announces. */
export const FIELD_KINDS = [
  // What the document is.
  "invoice",
  "creditNote",
  "corrected",
  "partial",
  "prepayment",
  "selfBilled",
  "debitNote",
  "proforma",
  "receipt",
  // Header.
  "number",
  "date",
  "dueDate",
  "deliveryDate",
  "otherDate",
  "customerNumber",
  "orderNumber",
  "buyerReference",
  "precedingInvoice",
  "otherNumber",
  "currency",
  "page",
  // Parties.
  "seller",
  "buyer",
  "otherParty",
  "partyName",
  "partyAddress",
  "vatId",
  "buyerVatId",
  "taxId",
  "registration",
  "contact",
  "management",
  // Payment.
  "iban",
  "bic",
  "bank",
  "paymentReference",
  "paymentTerms",
  // Totals.
  "subtotal",
  "carryOver",
  "allowances",
  "charges",
  "net",
  "tax",
  "gross",
  "total",
  "prepaid",
  "rounding",
  "due",
  "cash",
  "change",
  "card",
  // Words that receipts have and invoices have not.
  "till",
  "thanks",
] as const;

/** Headings of a table's columns. */
export const COLUMN_KINDS = [
  "position",
  "article",
  "description",
  "quantity",
  "unit",
  "unitPrice",
  "discount",
  "taxRate",
  "taxAmount",
  "net",
  "gross",
  "amount",
  // Columns that say: this table is no table of lines.
  "taxBase",
  "other",
] as const;

export type FieldKind = (typeof FIELD_KINDS)[number];
export type ColumnKind = (typeof COLUMN_KINDS)[number];

/** ISO 639-1. */
export type Language = "en" | "de" | "fr" | "es" | "it" | "nl" | "pt" | "zh";

export interface Words {
  readonly language: Language;
  /** Whether a corpus measures these words (`bench/documents.ts`). The others are written from the languages' usual forms and unmeasured. */
  readonly measured: boolean;
  readonly fields: Readonly<Partial<Record<FieldKind, readonly string[]>>>;
  readonly columns: Readonly<Partial<Record<ColumnKind, readonly string[]>>>;
  /** January to December, each with its short forms. */
  readonly months: readonly (readonly string[])[];
  /** Between a document's number and its date: "Invoice 17 of 3 May". */
  readonly dated: readonly string[];
  /** After the kind of document and before its number: "Invoice No. 17". */
  readonly numberSigns: readonly string[];
  /** Words of streets, places and floors, and what begins an address. Whole words, or ends of one where they begin with "-". */
  readonly streets: readonly string[];
  /** Words before a person's name. */
  readonly salutations: readonly string[];
}
