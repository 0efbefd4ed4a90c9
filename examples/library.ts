/**
 * The library in a few lines: `pnpm exec tsx --conditions=@sightline/source examples/library.ts`. Reads the sample receipt on this
 * machine, prints where its total stands, and checks itself against the numbers that draw-samples.ts drew.
 */
import { fileURLToPath } from "node:url";
import { extractText, findQuote, runTask } from "@sightline/core";
import { createHost, loadSettings } from "@sightline/local";

const samples = fileURLToPath(new URL("./samples/", import.meta.url));
const host = createHost(await loadSettings({ flags: { allow: [samples], backend: "none" }, env: process.env }));
try {
  const context = await host.context({ signal: AbortSignal.timeout(60_000) });
  const { pages } = await runTask(extractText, { document: `${samples}receipt.png` }, context);
  const total = findQuote(pages[0]?.lines ?? [], "TOTAL GBP 21.05");
  if (total === undefined) throw new Error("The sample receipt's total was not read.");
  process.stdout.write(`TOTAL GBP 21.05 stands at ${JSON.stringify(total)}\n`);
} finally {
  await host.close();
}
