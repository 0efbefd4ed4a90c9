/** The thread that reads lines of print beside the one that started it (print-lines.ts): one page after the other. */
import { parentPort } from "node:worker_threads";
import { readUnclaimed, type PrintReply, type PrintRequest } from "./print-lines.ts";
import { loadPrintReader } from "./tesseract.ts";

async function answer({ language, lines, claims }: PrintRequest): Promise<PrintReply> {
  try {
    const texts: [number, string][] = [];
    readUnclaimed(
      await loadPrintReader(language),
      lines,
      claims,
      lines.map((_, index) => index),
      texts,
    );
    return { texts };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

let last: Promise<void> = Promise.resolve();
parentPort?.on("message", (request: PrintRequest) => {
  last = last.then(async () => parentPort?.postMessage(await answer(request)));
});
