import { extractInvoice, runTask } from "@sightline/core";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { foldText } from "../packages/core/src/page.ts";
import { createInputReader } from "../packages/local/src/input/read.ts";
import { closeEyes, startModelContext } from "./tasks/model-context.ts";

/** Real invoices: each quote that is called grounded stands in its box, by the text layer of the page, asked anew. */
const CORPORA = path.resolve(process.env["SIGHTLINE_CORPORA"] ?? fileURLToPath(new URL("../../shared/corpora", import.meta.url)));
const FOLDER = path.join(CORPORA, "zugferd");
const names = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith(".pdf")) : [];

afterAll(closeEyes);

describe.skipIf(names.length === 0)("evidence on real invoices (needs the corpora: set SIGHTLINE_CORPORA)", () => {
  it("stands where it says", { timeout: 300_000 }, async () => {
    const input = createInputReader({ allow: [FOLDER], files: [] });
    const { context, close } = await startModelContext({
      model: undefined,
      textModel: undefined,
      input,
      signal: AbortSignal.timeout(300_000),
    });
    const astray: string[] = [];
    let checked = 0;
    for (const name of names) {
      const document = path.join(FOLDER, name);
      const { invoices } = await runTask(extractInvoice, { document, sources: ["text"] }, context).catch(() => ({ invoices: [] }));
      if (invoices.length === 0) continue;
      const open = await context.documents.open(await input.read(document, { accept: ["pdf"] }));
      const layers = new Map<number, Awaited<ReturnType<typeof open.textLayer>>>();
      for (const { evidence = {} } of invoices) {
        for (const [where, { page, box, quote, grounded }] of Object.entries(evidence)) {
          if (!grounded || page === undefined || box === undefined) continue;
          checked++;
          const layer = layers.get(page) ?? (await open.textLayer(page));
          layers.set(page, layer);
          const inside = layer.lines.filter(
            ({ box: at }) => at.x < box.x + box.width && box.x < at.x + at.width && at.y < box.y + box.height && box.y < at.y + at.height,
          );
          const printed = foldText(inside.map(({ text }) => text).join(" "));
          // A quote of several lines has other columns of the page between them.
          const parts = quote.split("\n").map(foldText);
          if (!parts.every((part) => printed.includes(part))) astray.push(`${name} ${where}: ${quote} is not in ${printed.slice(0, 80)}`);
        }
      }
      await open.close();
    }
    await close();
    expect(astray).toEqual([]);
    expect(checked).toBeGreaterThan(names.length * 10);
    console.info(`invoice-evidence: ${checked} grounded quotes on ${names.length} documents stand in their boxes`);
  });
});
