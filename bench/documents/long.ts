import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
// Its types know the default export alone.
// oxlint-disable-next-line import/no-named-as-default
import PDFDocument from "pdfkit";
import { watchResident } from "../resident.ts";
import { median, type Section } from "./section.ts";

const CLI = fileURLToPath(new URL("../../packages/cli/dist/sightline.js", import.meta.url));
const [SHORT, LONG] = [100, 500] as const;
const ROUNDS = 3;
const MOST_MB = 400;
/** A page of the long one may cost this many times a page of the short one. */
const LINEAR = 1.3;

/** Documents of many pages, written here: what the built command line takes to read them, and the memory of it and its workers. */
export const long: Section = {
  name: "long",
  async run({ check }) {
    const folder = await mkdtemp(path.join(tmpdir(), "sightline-bench-"));
    try {
      for (const pages of [1, SHORT, LONG]) await writeFile(path.join(folder, `${pages}.pdf`), await writeReport(pages));
      const seconds: Record<string, number[]> = {};
      let mostMb = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const pages of [1, SHORT, LONG]) {
          const taken = await readWith(CLI, path.join(folder, `${pages}.pdf`), pages);
          (seconds[pages] ??= []).push(taken.seconds);
          if (pages === LONG) mostMb = Math.max(mostMb, taken.mb);
        }
      }
      // Starting and loading is the same for each: what one page takes is not of interest here.
      const [one, short, all] = [1, SHORT, LONG].map((pages) => median(seconds[pages] ?? [])) as [number, number, number];
      const [perShort, perLong] = [(short - one) / (SHORT - 1), (all - one) / (LONG - 1)];
      console.log(
        `\nLong PDFs by their text layer: ${SHORT} pages ${short.toFixed(2)} s, ${LONG} pages ${all.toFixed(2)} s (one page ${one.toFixed(2)} s);`,
        `${(perLong * 1000).toFixed(1)} ms a page, ${(perLong / perShort).toFixed(2)} x those of the short one (medians of ${ROUNDS} in turns); at most ${mostMb.toFixed(0)} MB`,
      );
      check(`a page of ${LONG} costs at most ${LINEAR} x a page of ${SHORT}`, perLong <= LINEAR * perShort);
      check(`${LONG} pages are read in less than ${MOST_MB} MB`, mostMb < MOST_MB);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** A report of that many pages: two columns of text and a table on each. */
async function writeReport(pages: number): Promise<Uint8Array> {
  const pdf = new PDFDocument({ size: "A4", margin: 50, autoFirstPage: false });
  const parts: Uint8Array[] = [];
  pdf.on("data", (part: Uint8Array) => parts.push(part));
  const written = new Promise((resolve) => pdf.once("end", resolve));
  const words = "the harbour was surveyed again and its western quay found to need a new foundation before winter comes ";
  for (let page = 1; page <= pages; page += 1) {
    pdf.addPage().fontSize(18).text(`Report, part ${page}`, 50, 50).fontSize(10);
    for (const x of [50, 310]) pdf.text(`In ${1500 + page} ${words.repeat(14)}`, x, 90, { width: 235 });
    for (let row = 0; row < 10; row += 1) {
      const y = 560 + row * 16;
      pdf
        .text(`${row + 1}`, 50, y)
        .text(`Work of day ${row}`, 90, y)
        .text(`${page * (row + 7)}.50`, 400, y, { width: 100, align: "right" });
    }
  }
  pdf.end();
  await written;
  return Buffer.concat(parts);
}

async function readWith(cli: string, file: string, pages: number): Promise<{ readonly seconds: number; readonly mb: number }> {
  const start = performance.now();
  const child = spawn(process.execPath, [cli, "extract-text", file, "--format", "markdown", "--backend", "none"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const watch = watchResident(child.pid as number);
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
  const code = await new Promise((resolve) => child.once("close", resolve));
  const seconds = (performance.now() - start) / 1000;
  const mb = await watch.stop();
  const read = text.split("\n\n---\n\n").length;
  if (code !== 0 || read !== pages) throw new Error(`${file}: ${read} of ${pages} pages, exit code ${String(code)}`);
  return { seconds, mb };
}
