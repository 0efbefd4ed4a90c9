/**
 * `pnpm bench:documents`: invoices and receipts of the corpora read by rules, each way that pages are read, held against their truth; ten files of each corpus
 * held out (`documents/held-out.ts`), their score beside the rest.
 *
 *   --only name,name   only these sections: embedded, invoices, receipts, ocr-time, odd-pdfs, long, evidence
 *   --cache DIR        keep what OCR read there and read nothing twice: for work on the rules. Times in it are those of the run that read
 *   --verbose          every value that is wrong, of files that are not held out
 *
 * Exit code 1 when a bound is missed.
 */
import { parseArgs } from "node:util";
import { embedded } from "./documents/embedded.ts";
import { evidence } from "./documents/evidence.ts";
import { invoices } from "./documents/invoices.ts";
import { long } from "./documents/long.ts";
import { ocrTime } from "./documents/ocr-time.ts";
import { oddPdfs } from "./documents/odd-pdfs.ts";
import { openReadings } from "./documents/readings.ts";
import { receipts } from "./documents/receipts.ts";
import type { Section } from "./documents/section.ts";
import { CORPORA } from "./receipts.ts";

const SECTIONS: readonly Section[] = [embedded, invoices, receipts, ocrTime, oddPdfs, long, evidence];

const { values: flags } = parseArgs({
  options: { only: { type: "string" }, cache: { type: "string" }, verbose: { type: "boolean", default: false } },
});

console.log(`Corpora: ${CORPORA} (SIGHTLINE_CORPORA)`);
const wanted = flags.only?.split(",");
const readings = openReadings(flags.cache);
let kept = true;
try {
  for (const section of SECTIONS.filter(({ name }) => wanted === undefined || wanted.includes(name))) {
    await section.run({
      readings,
      verbose: flags.verbose,
      check(bound, holds) {
        if (holds) return;
        kept = false;
        console.log(`MISSED: ${bound}`);
      },
    });
  }
} finally {
  await readings.close();
}
if (!kept) process.exitCode = 1;
