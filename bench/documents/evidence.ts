import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { getDocumentProxy } from "unpdf";
import { PAGE_DPI, foldText, unionBox } from "../../packages/core/src/page.ts";
import type { Box } from "../../packages/core/src/page.ts";
import { CORPORA } from "../receipts.ts";
import { startServer } from "./mcp-server.ts";
import { share, type Section } from "./section.ts";

interface Evidence {
  readonly page: number;
  readonly box?: Box;
  readonly quote: string;
  readonly grounded: boolean;
  readonly source: string;
}

/** Pixels around a box: other programs measure the same letters a little wider. */
const AROUND = 3;

/**
 * `zugferd/`, by rules from the text layer: whether every grounded quote is at its box. The text layer is read by an independent route, pdf.js, whose words inside the box
 * must hold the quote's.
 */
export const evidence: Section = {
  name: "evidence",
  async run({ check, verbose }) {
    const folder = path.join(CORPORA, "zugferd");
    const names = (await readdir(folder).catch(() => [] as string[])).filter((name) => name.endsWith(".pdf")).sort();
    if (names.length === 0) return console.log(`\nEvidence: no invoices in ${folder}`);
    const server = await startServer(folder);
    const counts = { documents: 0, grounded: 0, there: 0, ungrounded: 0, elsewhere: 0 };
    try {
      for (const name of names) {
        const document = path.join(folder, name);
        const { data } = await server.call("extract_invoice", { document, sources: ["text"], evidence: "boxes" });
        const invoices = (data?.["invoices"] ?? []) as readonly { readonly evidence?: Readonly<Record<string, Evidence>> }[];
        const entries = invoices.flatMap(({ evidence: record = {} }) => Object.entries(record));
        if (entries.length === 0) continue;
        counts.documents += 1;
        const words = await wordsOf(document);
        for (const [index, [field, { page, box, quote, grounded }]] of entries.entries()) {
          if (!grounded) {
            counts.ungrounded += 1;
            continue;
          }
          counts.grounded += 1;
          const inside = box === undefined ? "" : textIn(box, words[page - 1] ?? []);
          const other = entries[(index + 1) % entries.length]?.[1];
          if (other?.box !== undefined && holds(textIn(other.box, words[other.page - 1] ?? []), quote)) counts.elsewhere += 1;
          if (holds(inside, quote)) counts.there += 1;
          else if (verbose) console.log(`not there: ${name} ${field} "${quote}" in "${inside}"`);
        }
      }
    } finally {
      await server.close();
    }
    console.log(
      `\nEvidence: of ${counts.documents} invoices, ${share(counts.there, counts.grounded)} of the grounded quotes are at their box by pdf.js; ${counts.ungrounded} values are not called grounded (to compare: ${share(counts.elsewhere, counts.grounded)} are at the box of the next value)`,
    );
    check("evidence of at least 40 invoices", counts.documents >= 40);
    check("every grounded quote is at its box", counts.there === counts.grounded);
  },
};

type Matrix = [number, number, number, number, number, number];

const holds = (inside: string, quote: string): boolean => quote.split(/\s+/).every((word) => inside.includes(foldText(word)));

interface Word {
  readonly text: string;
  readonly box: Box;
}

/** What pdf.js finds on each page, in pixels at `PAGE_DPI`. */
async function wordsOf(file: string): Promise<Word[][]> {
  const document = await getDocumentProxy(new Uint8Array(await readFile(file)));
  const pages: Word[][] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const viewport = page.getViewport({ scale: PAGE_DPI / 72 });
    const { items } = await page.getTextContent();
    pages.push(
      items.flatMap((item): Word[] => {
        if (!("str" in item) || item.str.trim() === "") return [];
        // The run's own matrix, then the page's: six numbers a b c d e f each.
        const [, , , , x, y] = item.transform as Matrix;
        const corners = [
          [x, y],
          [x + item.width, y + item.height],
        ].map(([u = 0, v = 0]) => {
          const [a, b, c, d, e, f] = viewport.transform as Matrix;
          return { x: a * u + c * v + e, y: b * u + d * v + f, width: 0, height: 0 };
        });
        const box = unionBox(corners) as Box;
        return [{ text: item.str, box }];
      }),
    );
  }
  return pages;
}

/** Letters and digits of the characters that stand inside a box, by the middle of each: pdf.js tells how wide a run of them is, not each. */
function textIn(box: Box, words: readonly Word[]): string {
  const inside = words.flatMap(({ text, box: run }) => {
    const middle = run.y + run.height / 2;
    if (middle < box.y - AROUND || middle > box.y + box.height + AROUND) return [];
    const wide = run.width / text.length;
    return [...text].filter((_, index) => {
      const x = run.x + (index + 0.5) * wide;
      return x >= box.x - wide - AROUND && x <= box.x + box.width + wide + AROUND;
    });
  });
  return foldText(inside.join(""));
}
