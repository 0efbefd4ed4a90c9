import type { StoredFile } from "@sightline/core";

/** How stored files are spoken of. */

/** As a resource, and as an input of any tool. */
export function handleOf({ id }: Pick<StoredFile, "id">): string {
  return `sightline://files/${encodeURIComponent(id)}`;
}

/** How callers reach a stored file: by its path on this machine, by an address over HTTP. */
export interface Links {
  /** The server as its caller addressed it; undefined where files are reached by their paths. */
  readonly origin?: string;
  to(file: StoredFile): string;
  /** A link of ours as the handle it stands for; anything else as it is. */
  toHandle(reference: string): string;
}

export const PATHS: Links = { to: ({ path }) => path, toHandle: (reference) => reference };

/** @param origin the server as its caller addressed it, without a path. */
export function addresses(origin: string): Links {
  const base = `${origin}/files/`;
  return {
    origin,
    to: ({ id }) => base + encodeURIComponent(id),
    toHandle: (reference) => (reference.startsWith(base) ? `sightline://files/${reference.slice(base.length)}` : reference),
  };
}
