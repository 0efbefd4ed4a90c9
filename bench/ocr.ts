/**
 * `pnpm bench:ocr`: our text recognition beside tesseract.js 7 (eng best_int, one warm worker) on the same files, in turns.
 * Receipts: line recall and how often company, date and total stand in the text. Drawn pages: character error rate and wrong digits.
 *
 *   --receipts N | --receipts name,name   only the first N, or these (0: none)
 *   --pages N                             only the first N pages of each language (0: none)
 *   --verbose                             every file, with the lines that were missed
 *
 * Exit code 1 when a bound is missed: recall 0.90, each field 0.95, time 1.5 times tesseract.js; error rate 0.01, no digit wrong.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createWorker, OEM } from "tesseract.js";
import { toPlainText } from "../packages/core/src/reading-order.ts";
import { createRecognizers } from "../packages/local/src/perception/recognizer.ts";
import { jobs } from "../packages/local/src/worker-jobs.ts";
import { createPool } from "../packages/local/src/worker/pool.ts";
import { characterErrorRate, isPresent, linesFound, wrongDigits } from "./ocr-metrics.ts";
import { LANGUAGES } from "./pages/languages.ts";
import { drawPage, printedRows } from "./pages/page.ts";
import { FACE_NAMES, renderPage } from "./pages/render.ts";
import { CORPORA, readReceipt, receiptNames } from "./receipts.ts";

const { values: flags } = parseArgs({
  options: { receipts: { type: "string" }, pages: { type: "string", default: "8" }, verbose: { type: "boolean", default: false } },
});

type ReadText = (image: Buffer) => Promise<string>;

const pool = createPool({ jobs, maxWorkers: 1 });
const { text: recognizer } = createRecognizers(pool);
const readWithSightline: ReadText = async (image) => toPlainText((await recognizer.recognize(image)).lines);

const tesseract = await createWorker("eng", OEM.LSTM_ONLY, {
  langPath: fileURLToPath(new URL("../node_modules/@tesseract.js-data/eng/4.0.0_best_int", import.meta.url)),
  cacheMethod: "none",
});
const readWithTesseract: ReadText = async (image) => (await tesseract.recognize(image)).data.text;

/** One reader's sums over the receipts. */
interface ReceiptScore {
  ms: number;
  found: number;
  lines: number;
  company: number;
  date: number;
  total: number;
}

/** One reader's sums over a language's pages. */
interface PageScore {
  ms: number;
  errors: number;
  characters: number;
  digits: number;
}

const FIELDS = ["company", "date", "total"] as const;
const readers = { sightline: readWithSightline, "tesseract.js": readWithTesseract } as const;
type ReaderName = keyof typeof readers;
const READERS = Object.keys(readers) as ReaderName[];
let kept = true;

function check(bound: string, holds: boolean): void {
  if (holds) return;
  kept = false;
  console.log(`MISSED: ${bound}`);
}

async function timed(read: ReadText, image: Buffer): Promise<{ text: string; ms: number }> {
  const start = performance.now();
  const text = await read(image);
  return { text, ms: performance.now() - start };
}

async function selectReceipts(): Promise<string[]> {
  const names = await receiptNames();
  if (names.length === 0) console.log(`no receipts in ${CORPORA}: set SIGHTLINE_CORPORA`);
  if (flags.receipts === undefined) return names;
  return /^\d{1,2}$/.test(flags.receipts) ? names.slice(0, Number(flags.receipts)) : flags.receipts.split(",");
}

async function compareReceipts(names: readonly string[]): Promise<void> {
  const empty = (): ReceiptScore => ({ ms: 0, found: 0, lines: 0, company: 0, date: 0, total: 0 });
  const scores: Record<ReaderName, ReceiptScore> = { sightline: empty(), "tesseract.js": empty() };
  for (const name of names) {
    const receipt = await readReceipt(name);
    for (const reader of READERS) {
      const { text, ms } = await timed(readers[reader], receipt.image);
      const { found, of } = linesFound(text, receipt.lines);
      const score = scores[reader];
      score.ms += ms;
      score.found += found;
      score.lines += of;
      for (const field of FIELDS) score[field] += Number(isPresent(text, receipt.fields[field]));
      if (!flags.verbose) continue;
      const missed = [
        ...FIELDS.filter((field) => !isPresent(text, receipt.fields[field])),
        ...receipt.lines.filter((line) => linesFound(text, [line]).found < linesFound(text, [line]).of),
      ];
      console.log(`${name} ${reader}: ${found}/${of} lines, ${ms.toFixed(0)} ms, missed ${JSON.stringify(missed)}`);
    }
  }
  console.log(`\n${names.length} receipts      line recall  company  date   total  ms/file`);
  for (const reader of READERS) {
    const { ms, found, lines, company, date, total } = scores[reader];
    const share = (count: number): string => (count / names.length).toFixed(3);
    console.log(
      `${reader.padEnd(16)} ${(found / lines).toFixed(4)}       ${share(company)}    ${share(date)}  ${share(total)}  ${(ms / names.length).toFixed(0)}`,
    );
  }
  const ours = scores.sightline;
  const ratio = ours.ms / scores["tesseract.js"].ms;
  console.log(`time: ${ratio.toFixed(2)} x tesseract.js (bound 1.5)`);
  check("line recall >= 0.90", ours.found / ours.lines >= 0.9);
  for (const field of FIELDS) check(`${field} present on >= 0.95`, ours[field] / names.length >= 0.95);
  check("time <= 1.5 x tesseract.js", ratio <= 1.5);
}

const RESOLUTIONS = [150, 100, 200] as const;

async function comparePages(count: number): Promise<void> {
  console.log(`\n${count} drawn pages a language: character error rate, wrong digits, ms/page`);
  for (const [at, language] of LANGUAGES.entries()) {
    const empty = (): PageScore => ({ ms: 0, errors: 0, characters: 0, digits: 0 });
    const scores: Record<ReaderName, PageScore> = { sightline: empty(), "tesseract.js": empty() };
    for (let i = 0; i < count; i += 1) {
      const face = FACE_NAMES[i % FACE_NAMES.length]!;
      const dpi = RESOLUTIONS[(i + at) % RESOLUTIONS.length]!;
      const page = drawPage(language, i % 2 === 0 ? "invoice" : "letter", 100 * at + i);
      const truth = printedRows(page).join("\n");
      const image = await renderPage(page, face, dpi);
      for (const reader of READERS) {
        const { text, ms } = await timed(readers[reader], image);
        const rate = characterErrorRate(text, truth);
        const digits = wrongDigits(text, truth);
        const score = scores[reader];
        score.ms += ms;
        score.errors += rate * truth.length;
        score.characters += truth.length;
        score.digits += digits;
        if (!flags.verbose) continue;
        console.log(`${language.locale} ${face} ${dpi} dpi ${reader}: ${rate.toFixed(4)}, ${digits} digits, ${ms.toFixed(0)} ms`);
        if (reader === "sightline")
          console.log(
            printedRows(page)
              .filter((row) => !text.replace(/ +/g, " ").includes(row))
              .map((row) => `    ${row}`)
              .join("\n"),
          );
      }
    }
    for (const reader of READERS) {
      const { ms, errors, characters, digits } = scores[reader];
      console.log(
        `${language.locale} ${reader.padEnd(13)} ${(errors / characters).toFixed(4)}  ${digits} digits  ${(ms / count).toFixed(0)}`,
      );
    }
    const { errors, characters, digits } = scores.sightline;
    check(`${language.locale}: character error rate <= 0.01`, errors / characters <= 0.01);
    check(`${language.locale}: no digit wrong`, digits === 0);
  }
}

try {
  // Both warm: weights loaded, worker started.
  const warmUp = await renderPage(drawPage(LANGUAGES[0]!, "letter", 1), "Arimo", 100);
  for (const reader of READERS) await readers[reader](warmUp);
  const names = await selectReceipts();
  if (names.length > 0) await compareReceipts(names);
  const pages = Number(flags.pages);
  if (pages > 0) await comparePages(pages);
} finally {
  await Promise.all([pool.close(), tesseract.terminate()]);
}
if (!kept) process.exitCode = 1;
