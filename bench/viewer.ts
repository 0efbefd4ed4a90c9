/**
 * How soon the playground can be seen, and how smoothly a page with 300 frames scrolls: `npx -y pnpm@12 bench:viewer`. It needs Chromium. Both are what the
 * browser itself reports: its paint timing, and its animation frames while the wheel turns.
 */
import path from "node:path";
import { tmpdir } from "node:os";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
// Its types know the default export alone.
// oxlint-disable-next-line import/no-named-as-default
import PDFDocument from "pdfkit";
import { startHttpServer } from "../test/mcp/connect.ts";
import { launch, type Browser, type Page } from "../test/viewer/browser.ts";

const LOADS = 7;
const LINES = 300;
const SCROLLED_MS = 4_000;

const [browser, server] = await Promise.all([launch(), startHttpServer()]);
const folder = await mkdtemp(path.join(tmpdir(), "sightline-bench-"));
try {
  const paints: number[] = [];
  for (let load = 0; load < LOADS; load++) paints.push(await firstPaint(browser));
  print("first contentful paint, ms", paints);
  const file = path.join(folder, "lines.pdf");
  await writeFile(file, await onePage(LINES));
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.goto(server.origin);
  await page.getByLabel("Choose a file").setInputFiles(file);
  await page.getByRole("radio", { name: "Extract text" }).check({ force: true });
  await page.getByRole("button", { name: "Look", exact: true }).click();
  await page
    .locator(".frames rect")
    .nth(LINES - 1)
    .waitFor({ timeout: 120_000 });
  print(`frames a second while the page with ${LINES} frames scrolls`, [await framesWhileScrolling(page, ".sheets")]);
  print(`frames a second while its list of ${LINES} rows scrolls`, [await framesWhileScrolling(page, ".marks")]);
} finally {
  await Promise.all([browser.close(), server.close()]);
  await rm(folder, { recursive: true, force: true });
}

/** A load with nothing kept from another. */
async function firstPaint(browser: Browser): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  await page.goto(server.origin);
  await page.getByRole("heading", { name: "Sightline" }).waitFor();
  const painted = await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  const ms = Number(await painted.jsonValue());
  await context.close();
  return ms;
}

/** The wheel turns over the element, up and down, for as long as is measured. */
async function framesWhileScrolling(page: Page, selector: string): Promise<number> {
  const element = page.locator(selector).first();
  await element.hover();
  // As text: what tsx makes of a function has helpers that the page lacks.
  const counted = page.evaluate<number>(`new Promise((resolve) => {
    const began = performance.now();
    let frames = 0;
    requestAnimationFrame(function count(now) {
      frames += 1;
      if (now - began < ${SCROLLED_MS}) requestAnimationFrame(count);
      else resolve((1000 * frames) / (now - began));
    });
  })`);
  let done = false;
  const ended = counted.finally(() => (done = true));
  for (let turn = 0; !done; turn++) await page.mouse.wheel(0, turn % 40 < 20 ? 60 : -60);
  return ended;
}

/** A page with as many lines, in columns. */
async function onePage(lines: number): Promise<Buffer> {
  const columns = 5;
  const pdf = new PDFDocument({ size: "A4", margin: 0 });
  const parts: Uint8Array[] = [];
  pdf.on("data", (part: Uint8Array) => parts.push(part));
  const written = new Promise((resolve) => pdf.once("end", resolve));
  pdf.fontSize(7);
  for (let line = 0; line < lines; line++) {
    const [column, row] = [line % columns, Math.floor(line / columns)];
    pdf.text(`Line ${line + 1} of ${lines}`, 30 + column * 110, 30 + row * 13, { lineBreak: false });
  }
  pdf.end();
  await written;
  return Buffer.concat(parts);
}

function print(what: string, values: readonly number[]): void {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const range = sorted.length < 2 ? "" : ` (${sorted[0]?.toFixed(0)} to ${sorted.at(-1)?.toFixed(0)}, ${sorted.length} loads)`;
  console.log(`${what}: ${median.toFixed(0)}${range}`);
}
