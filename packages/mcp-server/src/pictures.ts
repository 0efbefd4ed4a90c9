import { readFile } from "node:fs/promises";
import type { StoredFile } from "@sightline/core";
import type { Host } from "./host.ts";
import { MAX_PICTURE_BYTES } from "./policy.ts";
import type { ShowPicture } from "./result.ts";

/** The bytes of a stored picture, made smaller when they are more than hosts take. */
export async function pictureBytes(file: StoredFile, host: Host, signal?: AbortSignal): Promise<{ bytes: Uint8Array; mediaType: string }> {
  const bytes = await readFile(file.path);
  if (bytes.length <= MAX_PICTURE_BYTES) return { bytes, mediaType: file.mediaType };
  const { images } = await host.context({ signal: signal ?? new AbortController().signal });
  return images.prepare(bytes, { maxBytes: MAX_PICTURE_BYTES, name: file.id, ...(signal === undefined ? {} : { signal }) });
}

/** Shows stored pictures in the result itself. */
export function showPicture({ host }: { host(): Promise<Host> }): ShowPicture {
  return async (file) => {
    const { bytes, mediaType } = await pictureBytes(file, await host());
    return { type: "image", data: Buffer.from(bytes).toString("base64"), mimeType: mediaType };
  };
}
