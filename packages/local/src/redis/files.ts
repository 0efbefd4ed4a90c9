import { SetupError, type StoredFile } from "@sightline/core";
import type { Redis } from "ioredis";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import type { SharedFiles } from "../store.ts";

export type { SharedFiles };

/** A larger file does not go through Redis, which holds all it has in memory: the folder it lies in must be shared instead. */
const MAX_BYTES = 32_000_000;

/** What was handed in, by when. */
const RECEIVED = "sightline:files:received";

/** Files in Redis: hashes that expire. */
export function createSharedFiles(client: Redis): SharedFiles {
  const keyOf = (id: string): string => `sightline:file:${id}`;

  return {
    async put(file, { received, ms }) {
      const key = keyOf(file.id);
      const { mediaType, size, savedAt, expiresAt } = file;
      const fields = { mediaType, size, savedAt, expiresAt, received: received ? 1 : 0, host: hostname() };
      const bytes = size > MAX_BYTES ? {} : { bytes: await readFile(file.path) };
      const multi = client
        .multi()
        .hset(key, { ...fields, ...bytes })
        .pexpire(key, ms);
      if (received) multi.zadd(RECEIVED, Date.parse(savedAt), file.id).zremrangebyscore(RECEIVED, 0, Date.now() - ms);
      const done = await multi.exec();
      const failed = done?.find(([error]) => error !== null)?.[0];
      if (failed !== undefined && failed !== null) throw failed;
    },

    async has(id) {
      return (await client.exists(keyOf(id))) === 1;
    },

    async get(id) {
      const [bytes, received, savedAt, size, host] = await client.hmgetBuffer(keyOf(id), "bytes", "received", "savedAt", "size", "host");
      if (savedAt === null || savedAt === undefined) return undefined;
      if (bytes === null || bytes === undefined) {
        throw new SetupError(
          `The file ${id} has ${(Number(String(size)) / 1e6).toFixed(0)} MB and lies with another Sightline, on ${String(host)}: files of up to ${MAX_BYTES / 1e6} MB go through Redis.`,
          { hint: "Let all of them use one folder: mount it everywhere, and name it in XDG_CACHE_HOME." },
        );
      }
      return { bytes, received: String(received) === "1", savedAt: new Date(String(savedAt)) };
    },

    async received(ms) {
      const ids = await client.zrangebyscore(RECEIVED, Date.now() - ms, "+inf");
      const files = await Promise.all(
        ids.reverse().map(async (id): Promise<Omit<StoredFile, "path"> | undefined> => {
          const [mediaType, size, savedAt, expiresAt] = await client.hmget(keyOf(id), "mediaType", "size", "savedAt", "expiresAt");
          if (typeof mediaType !== "string" || typeof savedAt !== "string" || typeof expiresAt !== "string") return undefined;
          return { id, mediaType, size: Number(size), savedAt, expiresAt };
        }),
      );
      return files.filter((file) => file !== undefined);
    },

    async remove(id) {
      await client.zrem(RECEIVED, id);
      return (await client.del(keyOf(id))) === 1;
    },
  };
}
