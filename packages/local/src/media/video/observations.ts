import type { Observations } from "@sightline/core";
import { createHash } from "node:crypto";
import { chmod, mkdir, open, readFile, rm, utimes, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { filesOf, tidy } from "../../private-folder.ts";

export interface ObservationOptions {
  /** A folder of its own. */
  readonly folder: string;
  /** The version of Sightline: another one looks anew, for it may see otherwise. */
  version(): Promise<string>;
}

/** Beyond this many bytes, or days without use, what was seen is forgotten, the oldest first. */
const MAX_BYTES = 200_000_000;
const MAX_AGE_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * What was seen of one video: a file that this user alone can read, one observation a line, each written as it is made, so that a process
 * that is killed loses at most the one it was writing. What cannot be read or written is not there: the video is looked at again.
 */
export async function openObservations({ folder, version }: ObservationOptions, of: readonly string[]): Promise<Observations> {
  const name = createHash("sha256")
    .update(JSON.stringify([await version(), ...of]))
    .digest("hex");
  const path = join(folder, `${name}.jsonl`);
  const known = readLines(await readFile(path, "utf8").catch(() => ""));
  let file: Promise<FileHandle> | undefined;
  let written: Promise<unknown> = Promise.resolve();

  async function create(): Promise<FileHandle> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // The folder may be older than this rule.
    await chmod(folder, 0o700);
    return open(path, "a", 0o600);
  }

  const close = async (): Promise<void> => {
    await written;
    await (await file?.catch(() => undefined))?.close();
    file = undefined;
  };

  return {
    find: (key) => known.get(key),
    keep(key, value) {
      known.set(key, value);
      file ??= create();
      const line = `\n${JSON.stringify([key, value])}`;
      written = written.then(async () => (await file)?.appendFile(line)).catch(() => {});
    },
    async close() {
      await close();
      if (known.size === 0) return;
      const now = new Date();
      await utimes(path, now, now).catch(() => {});
      const others = (await filesOf(folder)).filter((each) => each.path !== path);
      await tidy(others, { maxBytes: MAX_BYTES, maxAgeMs: MAX_AGE_MS });
    },
    async discard() {
      await close();
      await rm(path, { force: true }).catch(() => {});
    },
  };
}

/** A line that was cut off by a crash, or changed since, is none; the next one begins on a line of its own. */
function readLines(text: string): Map<string, unknown> {
  const known = new Map<string, unknown>();
  for (const line of text.split("\n")) {
    if (line === "") continue;
    try {
      const [key, value] = JSON.parse(line) as [unknown, unknown];
      if (typeof key === "string") known.set(key, value);
    } catch {
      continue;
    }
  }
  return known;
}
