import { inspect } from "node:util";

/** Tells whoever runs the program. `error` is a defect, or what something else threw. */
export type Log = (words: string, error?: unknown) => void;

/** How a program tells: `words` for a person, `json` (a JSON object a line) for what collects logs. */
export type LogFormat = "words" | "json";

/**
 * A log on `stream`. As JSON it has neither the message nor the data of an error: they may hold a document's words, or a key that a library printed. Where it was
 * thrown is enough to find it.
 */
export function createLog(stream: { write(text: string): unknown }, program: string, format: LogFormat): Log {
  if (format === "words") {
    return (words, error) => void stream.write(`${program}: ${words}${error === undefined ? "" : `: ${inspect(error)}`}\n`);
  }
  return (words, error) => {
    const thrown = error === undefined ? {} : { error: error instanceof Error ? error.name : typeof error, at: framesOf(error) };
    const line = { time: new Date().toISOString(), level: error === undefined ? "info" : "error", program, message: words, ...thrown };
    stream.write(`${JSON.stringify(line)}\n`);
  };
}

/** The lines of its stack that name a place: those before them are its message. */
function framesOf(error: unknown): string[] {
  const lines = error instanceof Error ? (error.stack ?? "").split("\n") : [];
  return lines.flatMap((line) => /^\s+at (?:.*[ (])?((?:node:|file:|\/|[a-z]:\\)[^()]*:\d+:\d+)\)?$/i.exec(line)?.[1] ?? []).slice(0, 10);
}
