import { readInvoices } from "../../packages/core/src/invoice/lines/index.ts";
import { toReading } from "../../packages/core/src/invoice/lines/reading.ts";
import { LANGUAGES } from "../../packages/core/src/invoice/lines/words/index.ts";
import type { Invoice } from "../../packages/core/src/invoice/schema.ts";
import { partEvidence } from "../../packages/core/src/invoice/sourced.ts";
import { FIELDS, matchedLines, shownLines } from "./compare.ts";
import { invoiceSamples } from "./corpus.ts";
import type { Sample } from "./corpus.ts";
import type { Via } from "./readings.ts";
import { f1, median, share } from "./section.ts";
import type { Bench, Section } from "./section.ts";

/** Bounds by field, for every way the pages are read. */
const BOUNDS: Readonly<Record<Via, Readonly<Record<string, number>>>> = {
  text: {
    number: 0.95,
    "issue date": 0.95,
    currency: 0.95,
    "seller name": 0.85,
    "seller VAT id": 0.9,
    net: 0.92,
    tax: 0.92,
    gross: 0.95,
    lines: 0.75,
  },
  ocr: {
    number: 0.95,
    "issue date": 0.95,
    currency: 0.95,
    "seller name": 0.85,
    "seller VAT id": 0.9,
    net: 0.92,
    tax: 0.92,
    gross: 0.95,
    lines: 0.75,
  },
  scan: { number: 0.85, "issue date": 0.85, gross: 0.85, lines: 0.5 },
};

const TITLES: Readonly<Record<Via, string>> = {
  text: "from the text layer",
  ocr: "with OCR as the tasks do it",
  scan: "drawn at 150 dpi, then OCR alone",
};

/** Milliseconds a page, text layer and rules. */
const TEXT_BOUND_MS = 150;

interface Count {
  right: number;
  of: number;
}

/** Sums over documents. */
interface Tally {
  readonly fields: Map<string, Count>;
  readonly lines: { right: number; got: number; wanted: number };
  documents: number;
}

const newTally = (): Tally => ({ fields: new Map(), lines: { right: 0, got: 0, wanted: 0 }, documents: 0 });

/**
 * Invoices read by rules from their pages, held against the XML that is embedded in them. A field counts where the page shows the XML's value: that is looked for in
 * the page's text layer, by code of its own (`compare.ts`).
 */
export const invoices: Section = {
  name: "invoices",
  async run(bench) {
    const samples = await invoiceSamples(bench.readings);
    if (samples.length === 0) return;
    const texts = new Map<Sample<Invoice>, string>();
    for (const sample of samples) {
      const { pages } = await bench.readings.read(sample.file, "text");
      texts.set(sample, pages.flatMap(({ lines }) => lines.map(({ text }) => text)).join("\n"));
    }
    await printLanguages(samples, bench);
    for (const via of ["text", "ocr", "scan"] as const) await measure(via, samples, texts, bench);
  },
};

/** Which of the languages that words are known for these documents measure; the others are said to be unmeasured, and that must be true. */
async function printLanguages(samples: readonly Sample<Invoice>[], bench: Bench): Promise<void> {
  const counts = new Map<string, number>(LANGUAGES.map(({ language }) => [language, 0]));
  for (const { file } of samples) {
    const [language] = toReading((await bench.readings.read(file, "text")).pages).languages;
    if (language !== undefined) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  console.log(`\nLanguages of the invoices: ${[...counts].map(([language, count]) => `${language} ${count}`).join(", ")}`);
  for (const { language, measured } of LANGUAGES)
    bench.check(`${language} is ${measured ? "" : "not "}measured, as its words say`, (counts.get(language) ?? 0) > 0 === measured);
}

async function measure(
  via: Via,
  samples: readonly Sample<Invoice>[],
  texts: ReadonlyMap<Sample<Invoice>, string>,
  bench: Bench,
): Promise<void> {
  const [all, rest, held] = [newTally(), newTally(), newTally()];
  const ms: number[] = [];
  for (const sample of samples) {
    const { pages, ms: reading } = await bench.readings.read(sample.file, via);
    const start = performance.now();
    const [found] = readInvoices(pages);
    const rules = (performance.now() - start) / pages.length;
    ms.push(...reading.map((each) => each + rules));
    const invoice = found === undefined ? {} : partEvidence<Invoice>(found.invoice).value;
    for (const tally of [all, sample.isHeldOut ? held : rest]) count(invoice, sample, texts.get(sample) ?? "", tally);
    if (bench.verbose && !sample.isHeldOut) describeMisses(via, invoice, sample, texts.get(sample) ?? "");
  }
  print(via, { all, rest, held }, bench);
  if (via !== "text") return;
  console.log(`text layer and rules: median ${median(ms).toFixed(0)} ms a page (${ms.length} pages)`);
  bench.check(`median <= ${TEXT_BOUND_MS} ms a page from the text layer`, median(ms) <= TEXT_BOUND_MS);
}

function count(read: Invoice, { truth }: Sample<Invoice>, text: string, tally: Tally): void {
  tally.documents += 1;
  for (const field of FIELDS) {
    const wanted = field.of(truth);
    if (wanted === undefined || !field.isShown(wanted, text)) continue;
    const value = field.of(read);
    const counted = tally.fields.get(field.name) ?? { right: 0, of: 0 };
    counted.of += 1;
    if (value !== undefined && field.isSame(value, wanted)) counted.right += 1;
    tally.fields.set(field.name, counted);
  }
  const wanted = shownLines(truth, text);
  // A document whose XML lists none of the lines on the page, as the profile MINIMUM, says nothing about those that were read.
  if (wanted.length === 0) return;
  tally.lines.right += matchedLines(read.lines ?? [], wanted);
  tally.lines.got += read.lines?.length ?? 0;
  tally.lines.wanted += wanted.length;
}

function print(via: Via, { all, rest, held }: Readonly<Record<"all" | "rest" | "held", Tally>>, bench: Bench): void {
  console.log(
    `\nInvoices ${TITLES[via]}: right, of the documents that show it    all (${all.documents})    held out (${held.documents})    the rest (${rest.documents})`,
  );
  for (const { name } of FIELDS) {
    const [a, h, r] = [all, held, rest].map(({ fields }) => fields.get(name) ?? { right: 0, of: 0 }) as [Count, Count, Count];
    console.log(`${name.padEnd(14)} ${share(a.right, a.of).padEnd(15)} ${share(h.right, h.of).padEnd(15)} ${share(r.right, r.of)}`);
    const bound = BOUNDS[via][name];
    if (bound !== undefined) bench.check(`${via}: ${name} >= ${bound}`, a.right >= bound * a.of);
  }
  const [a, h, r] = [all, held, rest].map(({ lines }) => f1(lines).f1) as [number, number, number];
  console.log(
    `${"lines F1".padEnd(14)} ${a.toFixed(3).padEnd(15)} ${h.toFixed(3).padEnd(15)} ${r.toFixed(3)}   (${all.lines.right} right of ${all.lines.got} read, ${all.lines.wanted} shown)`,
  );
  bench.check(`${via}: lines F1 >= ${BOUNDS[via]["lines"]}`, a >= (BOUNDS[via]["lines"] ?? 0));
}

function describeMisses(via: Via, read: Invoice, { name, truth }: Sample<Invoice>, text: string): void {
  for (const field of FIELDS) {
    const wanted = field.of(truth);
    const value = field.of(read);
    if (wanted === undefined || !field.isShown(wanted, text) || (value !== undefined && field.isSame(value, wanted))) continue;
    console.log(`  ${via} ${name}: ${field.name} ${JSON.stringify(value)}, the XML says ${JSON.stringify(wanted)}`);
  }
  const wanted = shownLines(truth, text);
  const matched = matchedLines(read.lines ?? [], wanted);
  if (wanted.length > 0 && (matched < wanted.length || (read.lines?.length ?? 0) > wanted.length))
    console.log(`  ${via} ${name}: ${matched} of ${wanted.length} lines, ${read.lines?.length ?? 0} read`);
}
