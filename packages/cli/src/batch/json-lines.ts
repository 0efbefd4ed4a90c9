import { createReadStream } from "node:fs";

export interface Line {
  /** Without the line feed. */
  readonly bytes: Buffer;
  /** Where it begins in the file. */
  readonly start: number;
  /** False for a last line without its line feed. */
  readonly ended: boolean;
}

/** The lines of a file, one at a time. */
export async function* linesOf(path: string): AsyncGenerator<Line> {
  let start = 0;
  let parts: Buffer[] = [];
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, from)) {
      const bytes = Buffer.concat([...parts, chunk.subarray(from, at)]);
      yield { bytes, start, ended: true };
      start += bytes.length + 1;
      parts = [];
      from = at + 1;
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  }
  if (parts.length > 0) yield { bytes: Buffer.concat(parts), start, ended: false };
}
