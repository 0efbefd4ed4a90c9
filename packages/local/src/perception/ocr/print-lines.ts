import { Worker } from "node:worker_threads";
import { FROM_SOURCE } from "../../worker/launch.ts";
import { threadEntry } from "../../worker/run-source.ts";
import type { LineImage } from "./line-image.ts";
import type { PrintLanguage } from "./print-language.ts";
import { loadPrintReader, type PrintReader } from "./tesseract.ts";

/**
 * A page's lines of print, read by Tesseract in a thread of its own while this one is busy with the network, and by this one too as soon as it has time.
 * Both take from one pile; a line is claimed before it is read. Tesseract is WebAssembly, so the thread can be ended at any moment.
 */
export interface PrintRequest {
  readonly language: PrintLanguage;
  readonly lines: readonly LineImage[];
  /** Shared: for each line 1 as soon as somebody reads it. */
  readonly claims: Int32Array;
}

/** Texts with the index of their line, or why there are none. */
export type PrintReply = { readonly texts: readonly (readonly [number, string])[] } | { readonly failed: string };

export interface PrintLines {
  /** Reads along until every line is read; texts in the order of the lines. */
  finish(): Promise<string[]>;
  /** Reads no further line: nobody wants them. */
  drop(): void;
}

/** Reads the lines that nobody has claimed, in the order given. */
export function readUnclaimed(
  read: PrintReader,
  lines: readonly LineImage[],
  claims: Int32Array,
  order: readonly number[],
  texts: [number, string][],
): void {
  for (const index of order) if (Atomics.compareExchange(claims, index, 0, 1) === 0) texts.push([index, read(lines[index]!)]);
}

/** Begins to read `lines` beside this thread. */
export function startPrintLines(language: PrintLanguage, lines: readonly LineImage[]): PrintLines {
  const claims = new Int32Array(new SharedArrayBuffer(lines.length * Int32Array.BYTES_PER_ELEMENT));
  const beside = askThread({ language, lines, claims });
  return {
    async finish() {
      const read = await loadPrintReader(language);
      const ours: [number, string][] = [];
      // From the end: the thread comes from the beginning.
      readUnclaimed(read, lines, claims, [...lines.keys()].reverse(), ours);
      const reply = await beside;
      const known = new Map([...ours, ...("texts" in reply ? reply.texts : [])]);
      // What a thread that failed had claimed is read here.
      return lines.map((line, index) => known.get(index) ?? read(line));
    },
    drop: () => claims.fill(1),
  };
}

interface PrintThread {
  ask(request: PrintRequest): Promise<PrintReply>;
}

let thread: PrintThread | undefined;

function askThread(request: PrintRequest): Promise<PrintReply> {
  thread ??= startThread();
  return thread.ask(request);
}

/** A thread that keeps no process alive. One that cannot start or dies fails what it was asked and is forgotten. */
function startThread(): PrintThread {
  const waiting: ((reply: PrintReply) => void)[] = [];
  const fail = (why: string): void => {
    thread = undefined;
    for (const answer of waiting.splice(0)) answer({ failed: why });
  };
  const { entry, execArgv } = threadEntry(new URL(FROM_SOURCE ? "./print-thread.ts" : "./print-thread.js", import.meta.url));
  const worker = new Worker(entry, { env: {}, execArgv: [...execArgv, "--no-deprecation"], stdout: true, stderr: true });
  worker.on("message", (reply: PrintReply) => waiting.shift()?.(reply));
  worker.on("error", (error) => fail(error.message));
  worker.on("exit", (code) => fail(`exit code ${code}`));
  worker.unref();
  return {
    ask: (request) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        // The wait for an answer keeps the process alive, an idle thread does not.
        worker.ref();
        worker.postMessage(request);
      }).then((reply) => {
        if (waiting.length === 0) worker.unref();
        return reply as PrintReply;
      }),
  };
}
