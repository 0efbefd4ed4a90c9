import { fileURLToPath } from "node:url";
import { createWorker, OEM } from "tesseract.js";
import type { InputFile } from "../../packages/core/src/ports.ts";
import { openReadings } from "./readings.ts";
import { invoiceSamples } from "./corpus.ts";
import type { Section } from "./section.ts";

/** Every so many documents are read for their time. */
const SAMPLED = 5;
const BOUND = 1;

/** OCR's time on drawn invoices beside tesseract.js 7 (deu best_int, one warm worker) on the same pictures, in turns. Nothing comes from the cache. */
export const ocrTime: Section = {
  name: "ocr-time",
  async run(bench) {
    const samples = (await invoiceSamples(bench.readings)).filter((_, index) => index % SAMPLED === 0);
    if (samples.length === 0) return;
    const tesseract = await createWorker("deu", OEM.LSTM_ONLY, {
      langPath: fileURLToPath(new URL("../../node_modules/@tesseract.js-data/deu/4.0.0_best_int", import.meta.url)),
      cacheMethod: "none",
    });
    const readings = openReadings(undefined);
    let ours = 0;
    let theirs = 0;
    let pages = 0;
    try {
      for (const [index, { file }] of samples.entries()) {
        const [first] = await readings.scans(file);
        if (first === undefined) continue;
        const picture: InputFile = { name: file.name, kind: "image", mediaType: "image/png", bytes: first };
        // The first of all warms both up and is not counted.
        for (const isCounted of index === 0 ? [false, true] : [true]) {
          const { ms } = await readings.read(picture, "ocr");
          const start = performance.now();
          await tesseract.recognize(Buffer.from(first));
          if (!isCounted) continue;
          ours += ms[0] ?? 0;
          theirs += performance.now() - start;
          pages += 1;
        }
      }
    } finally {
      await Promise.all([readings.close(), tesseract.terminate()]);
    }
    console.log(
      `\nOCR of ${pages} drawn pages: ${(ours / pages).toFixed(0)} ms a page, ${(ours / theirs).toFixed(2)} x tesseract.js (${(theirs / pages).toFixed(0)} ms)`,
    );
    bench.check(`OCR no slower than tesseract.js (${BOUND} x)`, ours <= BOUND * theirs);
  },
};
