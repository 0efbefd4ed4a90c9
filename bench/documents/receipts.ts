import { isoDate } from "../../packages/core/src/invoice/date.ts";
import { readInvoices } from "../../packages/core/src/invoice/lines/index.ts";
import type { Evidence, Invoice } from "../../packages/core/src/invoice/schema.ts";
import { partEvidence } from "../../packages/core/src/invoice/sourced.ts";
import { fold } from "../ocr-metrics.ts";
import { receiptSamples } from "./corpus.ts";
import type { ReceiptTruth, Sample } from "./corpus.ts";
import { f1 } from "./section.ts";
import type { Section } from "./section.ts";

type FieldName = keyof ReceiptTruth;

interface Field {
  readonly name: FieldName;
  /** Path of the value in an invoice. */
  readonly path: string;
  of(invoice: Invoice): string | undefined;
  /** The relaxed comparison. */
  isSame(read: string, truth: string): boolean;
}

const sameText = (a: string, b: string): boolean => fold(a) === fold(b);

const FIELDS: readonly Field[] = [
  { name: "company", path: "seller.name", of: ({ seller }) => seller?.name, isSame: sameText },
  { name: "date", path: "issue_date", of: ({ issue_date: date }) => date, isSame: (read, truth) => read === dayFirst(truth) },
  { name: "address", path: "seller.address", of: ({ seller }) => seller?.address, isSame: sameText },
  {
    name: "total",
    path: "totals.gross",
    of: ({ totals }) => totals?.gross,
    isSame: (read, truth) => Number(read) === Number(truth.replace(/[^\d.-]/g, "")),
  },
];

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** SROIE's dates, day first: "25/01/2018", "12-01-19", "10 MAR 2018"; a few have the year first. */
function dayFirst(printed: string): string | undefined {
  const [a = "", b = "", c = ""] = printed.toLowerCase().split(/[^\da-z]+/);
  const month = /^\d+$/.test(b) ? Number(b) : MONTHS.indexOf(b.slice(0, 3)) + 1;
  if (a.length === 4) return isoDate(Number(a), month, Number(c));
  return isoDate(Number(c) + (c.length === 2 ? 2000 : 0), month, Number(a));
}

interface Score {
  right: number;
  got: number;
  wanted: number;
}

const BOUND = 0.85;

/**
 * Receipts of SROIE with OCR and rules alone. Strict: the characters on the receipt that the value was read from are the truth's, after trimming. Relaxed: case,
 * spaces and punctuation ignored, dates compared as dates with the day first, totals as decimals.
 */
export const receipts: Section = {
  name: "receipts",
  async run(bench) {
    const samples = await receiptSamples();
    if (samples.length === 0) return;
    const read = new Map<Sample<ReceiptTruth>, { readonly invoice: Invoice; readonly evidence: Readonly<Record<string, Evidence>> }>();
    for (const sample of samples) {
      const [found] = readInvoices((await bench.readings.read(sample.file, "ocr")).pages);
      const { value, evidence } = partEvidence<Invoice>(found?.invoice ?? {});
      read.set(sample, { invoice: value, evidence });
    }
    const groups = {
      all: samples,
      "held out": samples.filter(({ isHeldOut }) => isHeldOut),
      "the rest": samples.filter(({ isHeldOut }) => !isHeldOut),
    };
    for (const [group, members] of Object.entries(groups)) {
      console.log(`\nReceipts, ${group} (${members.length})   relaxed: precision  recall  F1     strict: precision  recall  F1`);
      const relaxed: Score = { right: 0, got: 0, wanted: 0 };
      const strict: Score = { right: 0, got: 0, wanted: 0 };
      for (const field of FIELDS) {
        const [ofRelaxed, ofStrict] = [empty(), empty()];
        for (const sample of members) {
          const { invoice, evidence } = read.get(sample) ?? { invoice: {}, evidence: {} };
          const truth = sample.truth[field.name];
          const value = field.of(invoice);
          const quote = evidence[field.path]?.quote.replaceAll("\n", " ").trim();
          add(ofRelaxed, value, truth, field.isSame);
          add(ofStrict, quote, truth, (a, b) => a === b.trim());
          if (bench.verbose && group === "the rest" && truth !== "" && (value === undefined || !field.isSame(value, truth)))
            console.log(`  ${sample.name}: ${field.name} ${JSON.stringify(value)}, SROIE says ${JSON.stringify(truth)}`);
        }
        print(field.name, ofRelaxed, ofStrict);
        for (const [total, part] of [
          [relaxed, ofRelaxed],
          [strict, ofStrict],
        ] as const) {
          total.right += part.right;
          total.got += part.got;
          total.wanted += part.wanted;
        }
      }
      print("together", relaxed, strict);
      if (group === "all") bench.check(`receipts: relaxed F1 >= ${BOUND}`, f1(relaxed).f1 >= BOUND);
    }
  },
};

const empty = (): Score => ({ right: 0, got: 0, wanted: 0 });

function add(score: Score, value: string | undefined, truth: string, isSame: (value: string, truth: string) => boolean): void {
  // What SROIE leaves blank is neither wanted nor counted against a value.
  if (truth === "") return;
  score.wanted += 1;
  if (value === undefined) return;
  score.got += 1;
  if (isSame(value, truth)) score.right += 1;
}

function print(name: string, relaxed: Score, strict: Score): void {
  const row = ({ precision, recall, f1: harmonic }: ReturnType<typeof f1>): string =>
    [precision, recall, harmonic].map((figure) => figure.toFixed(3)).join("  ");
  console.log(`${name.padEnd(12)} ${row(f1(relaxed))}   ${row(f1(strict))}`);
}
