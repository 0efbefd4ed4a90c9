import type { AnswerCache, AskedQuestion } from "@sightline/core";
import { LRUCache } from "lru-cache";
import { createHash } from "node:crypto";
import { readFile, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { filesOf, savePrivately, tidy, type KeptFile } from "../private-folder.ts";

/** A place for texts that others share. It fails no call: what cannot be had is not there. */
export interface SharedText {
  get(key: string): Promise<string | undefined>;
  set(key: string, text: string): Promise<void>;
}

export interface AnswerCacheOptions {
  /** The version of Sightline: another one asks anew, for its prompts and what it makes of an answer may differ. */
  readonly version: string;
  /** A folder of its own, where answers outlive the process. Default: they are kept in memory alone. */
  readonly folder?: string | undefined;
  /** Beyond this many bytes on disk the answers that were not used for longest go. Default 200 MB. */
  readonly maxBytes?: number;
  /** Where the answers of others are. */
  readonly shared?: SharedText | undefined;
}

export interface AnswerCacheStatus {
  readonly entries: number;
  readonly bytes: number;
  readonly folder?: string;
}

/** A cache that can be looked at and emptied. */
export interface OpenAnswerCache extends AnswerCache {
  /** What is on disk where there is a folder, else what is in memory. */
  status(): Promise<AnswerCacheStatus>;
  clear(): Promise<void>;
}

/** In memory: answers, and the characters of all of them (two bytes each at most, so 20 MB). */
const MEMORY_ANSWERS = 500;
const MEMORY_CHARACTERS = 10_000_000;

/** A longer answer is not worth keeping, in characters: models write some hundred thousand at most. */
const LONGEST_ANSWER = 1_000_000;

/** Answers kept between two looks at the size of the folder. */
const KEEPS_A_TIDYING = 100;

/** What our files are called: the key, and this. Others in the folder are left alone. */
const OURS = /^(?:[0-9a-f]{64}\.answer|\.[0-9a-f]{8}\.part)$/;

/** Keeps answers in memory, and with a folder on disk too: one file an answer, readable by this user alone. */
export function createAnswerCache(options: AnswerCacheOptions): OpenAnswerCache {
  const { version, folder, maxBytes = 200_000_000, shared } = options;
  const memory = new LRUCache<string, string>({
    max: MEMORY_ANSWERS,
    maxSize: MEMORY_CHARACTERS,
    sizeCalculation: (answer) => Math.max(1, answer.length),
  });
  let keeps = 0;

  const ourFiles = async (): Promise<KeptFile[]> =>
    folder === undefined ? [] : (await filesOf(folder)).filter(({ name }) => OURS.test(name));

  async function fromDisk(key: string): Promise<string | undefined> {
    if (folder === undefined) return undefined;
    const path = join(folder, fileName(key));
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    const answer = unsealed(text);
    if (answer === undefined) await rm(path, { force: true }).catch(() => {});
    else {
      const now = new Date();
      await utimes(path, now, now).catch(() => {});
    }
    return answer;
  }

  return {
    async find(question) {
      const key = keyOf(version, question);
      const kept = memory.get(key);
      if (kept !== undefined) return kept;
      const answer = (await fromDisk(key)) ?? unsealed((await shared?.get(key)) ?? "");
      if (answer !== undefined) memory.set(key, answer);
      return answer;
    },

    async keep(question, answer) {
      if (answer.length > LONGEST_ANSWER) return;
      const key = keyOf(version, question);
      memory.set(key, answer);
      await shared?.set(key, sealed(answer));
      if (folder === undefined) return;
      // A full disk or a folder that may not be written: the answer is there nevertheless.
      await savePrivately(folder, fileName(key), sealed(answer)).catch(() => {});
      if (keeps++ % KEEPS_A_TIDYING === 0) await tidy(await ourFiles(), { maxBytes });
    },

    async status() {
      if (folder === undefined)
        return { entries: memory.size, bytes: [...memory.values()].reduce((sum, answer) => sum + Buffer.byteLength(answer), 0) };
      const files = (await ourFiles()).filter(({ name }) => name.endsWith(".answer"));
      return { entries: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0), folder };
    },

    async clear() {
      memory.clear();
      await Promise.all((await ourFiles()).map(({ path }) => rm(path, { force: true }).catch(() => {})));
    },
  };
}

const fileName = (key: string): string => `${key}.answer`;

/** SHA-256 over all that makes the question what it is, each part after its own length, so that no two questions run together. */
function keyOf(version: string, { backend, server, model, prompt, settings, images }: AskedQuestion): string {
  const hash = createHash("sha256");
  for (const part of [version, backend, server, model, prompt, settings, ...images.map(({ bytes }) => bytes)]) {
    const bytes = typeof part === "string" ? Buffer.from(part) : part;
    hash.update(`${bytes.byteLength}:`).update(bytes);
  }
  return hash.digest("hex");
}

/** The answer after a line with its own hash: what a disk or an editor changed is no answer. */
function sealed(answer: string): string {
  return `${createHash("sha256").update(answer).digest("hex")}\n${answer}`;
}

function unsealed(text: string): string | undefined {
  const answer = text.slice(text.indexOf("\n") + 1);
  return sealed(answer) === text ? answer : undefined;
}
