import { readdir } from "node:fs/promises";
import path from "node:path";
import { CORPORA } from "../receipts.ts";
import { residentMb } from "../../test/tools/process-tree.ts";
import { watchResident } from "../resident.ts";
import { startServer } from "./mcp-server.ts";
import type { Section } from "./section.ts";

const MOST_SECONDS = 10;
/** The second reading of all files may take this much more memory than the first. */
const FLAT = 1.15;

/** `pdfs/`: odd, encrypted, fuzzed and damaged ones, read twice over by one server. Each gives pages or a typed error. */
export const oddPdfs: Section = {
  name: "odd-pdfs",
  async run({ check, verbose }) {
    const folder = path.join(CORPORA, "pdfs");
    const names = (await readdir(folder).catch(() => [] as string[])).filter((name) => name.endsWith(".pdf")).sort();
    if (names.length === 0) return console.log(`\nOdd PDFs: none in ${folder}`);
    const server = await startServer(folder);
    const outcomes = { pages: 0, error: 0, other: 0 };
    const peaks: number[] = [];
    const after: number[] = [];
    let slowest = { name: "", seconds: 0 };
    try {
      for (const round of [1, 2]) {
        const watch = watchResident(server.pid);
        for (const name of names) {
          const start = performance.now();
          const { isError, text, data } = await server.call("extract_text", { document: path.join(folder, name) });
          const seconds = (performance.now() - start) / 1000;
          if (seconds > slowest.seconds) slowest = { name, seconds };
          if (round === 2) continue;
          const isTyped = isError && /^(?:Input|Setup|Model|Answer)Error: /.test(text);
          const kind = isTyped ? "error" : !isError && Array.isArray(data?.["pages"]) && data["pages"].length > 0 ? "pages" : "other";
          outcomes[kind] += 1;
          if (verbose || kind === "other")
            console.log(`${kind} ${seconds.toFixed(2)} s ${name}: ${text.slice(0, 120).replaceAll("\n", " | ")}`);
        }
        peaks.push(await watch.stop());
        after.push(await residentMb(server.pid));
      }
    } finally {
      await server.close();
    }
    const [first = 0, second = 0] = peaks;
    console.log(
      `\nOdd PDFs: of ${names.length}, ${outcomes.pages} gave pages, ${outcomes.error} a typed error; slowest ${slowest.seconds.toFixed(1)} s (${slowest.name})`,
      `\nresident memory of the server and its workers at most ${first.toFixed(0)} MB, at most ${second.toFixed(0)} MB when all were read again (${after.map((mb) => `${mb.toFixed(0)} MB`).join(" and ")} at the end of each)`,
    );
    check("each of the PDFs gives pages or a typed error", outcomes.other === 0);
    check(`none takes longer than ${MOST_SECONDS} s`, slowest.seconds <= MOST_SECONDS);
    check(`memory stays flat: the second time at most ${FLAT} x the first`, second <= FLAT * first);
  },
};
