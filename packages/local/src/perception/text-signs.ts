import type { Line } from "@sightline/core";

/** What the read lines tell about the kind of paper they stand on. */
export interface TextSigns {
  readonly lines: number;
  readonly characters: number;
  /** Share of the picture under text, 0 to 1. */
  readonly coverage: number;
  /** Characters that would fit side by side over the width of the text: till rolls have 24 to 48, an A4 page 70 and more. */
  readonly columns: number;
  /** Lines with an amount of money such as 12.50. */
  readonly amounts: number;
  /** Share of the lines that are numbers, percentages, years: the labels of axes. */
  readonly numbers: number;
  /** How many different words of a till's slip there are. */
  readonly receiptWords: number;
  /** How many different words of an invoice there are. */
  readonly invoiceWords: number;
  /** The word invoice itself, in any of the languages. */
  readonly saysInvoice: boolean;
  /** The word receipt itself. */
  readonly saysReceipt: boolean;
}

const INVOICE = words("invoice rechnung facture factura fattura fatura faktura factuur");
const INVOICE_WORDS = words(
  "billto invoiceno invoicenumber invoicedate amountdue duedate paymentterms vatid vatno vatreg purchaseorder",
  "rechnungsnr rechnungsnummer rechnungsdatum kundennummer kundennr lieferdatum leistungszeitraum ustid steuernummer zahlbarbis zahlungsziel",
  "numérodefacture datedefacture échéance tvaintracommunautaire siret númerodefactura fechadefactura vencimiento partitaiva scadenza iban bic",
);
const RECEIPT = words("receipt kassenbon kassenbeleg quittung ticketdecaisse recibo scontrino kassabon");
const RECEIPT_WORDS = words(
  "subtotal cashier change rounding tendered thankyou goodssold grandtotal creditcard debitcard mastercard visa cash gst qty eftpos tableno",
  "rückgeld gegeben eckarte kartenzahlung bargeld summe vielendank kasse bediener mwst",
  "espèces monnaie rendu carte merci tva efectivo cambio tarjeta gracias contanti resto grazie",
);

function words(...lists: readonly string[]): readonly string[] {
  return lists.join(" ").split(" ");
}

const AMOUNT = /(^|[^\d.,])\d{1,3}([.,' ]?\d{3})*[.,]\d{2}(?!\d)/;
/** A label of an axis or a sector: 2019, Q3, -0.5, $12k, North 40 %. */
const NUMBER = /^[\s<>~±+-]*[$€£¥]?\s*(Q\d|H\d|-?\d[\d.,\s]*)\s*(%|k|m|bn|€|\$)?$|^.{0,24}\d\s*%\)?$/i;

const SHORT = 6;

export function textSigns(lines: readonly Line[], width: number, height: number): TextSigns {
  const read = lines.filter(({ text }) => text.trim() !== "");
  const text = read.map((line) => line.text.toLowerCase());
  // Recognised text often lacks spaces, so long words are looked for in letters run together; a short one would be found in many others.
  const joined = text.map((each) => each.replaceAll(/[^\p{L}]/gu, "")).join(" ");
  const single = new Set(text.flatMap((each) => each.split(/[^\p{L}]+/u)));
  const count = (list: readonly string[]): number =>
    list.filter((word) => (word.length <= SHORT ? single.has(word) : joined.includes(word))).length;
  const characterWidths = read.filter(({ text }) => text.trim().length >= 4).map(({ text, box }) => box.width / text.trim().length);
  const left = Math.min(...read.map(({ box }) => box.x));
  const right = Math.max(...read.map(({ box }) => box.x + box.width));
  const characterWidth = median(characterWidths);
  return {
    lines: read.length,
    characters: read.reduce((sum, { text }) => sum + text.replaceAll(/\s/g, "").length, 0),
    coverage: Math.min(1, read.reduce((sum, { box }) => sum + box.width * box.height, 0) / Math.max(1, width * height)),
    columns: characterWidth > 0 ? (right - left) / characterWidth : 0,
    amounts: read.filter(({ text }) => AMOUNT.test(text)).length,
    numbers: read.length === 0 ? 0 : read.filter(({ text }) => NUMBER.test(text.trim())).length / read.length,
    receiptWords: count(RECEIPT_WORDS),
    invoiceWords: count(INVOICE_WORDS),
    saysInvoice: count(INVOICE) > 0,
    saysReceipt: count(RECEIPT) > 0,
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
