import type { FileStore } from "@sightline/core";
import type { ListedImages } from "./list-images.ts";

/** The newest pictures that were handed in, with their handles in place of paths; with `documents` PDFs too. */
export async function listReceived(files: FileStore, limit: number, documents = false): Promise<ListedImages> {
  const received = await files.received();
  const images = received
    .filter(({ mediaType }) => mediaType.startsWith("image/") || (documents && mediaType === "application/pdf"))
    .slice(0, limit)
    .map(({ id, mediaType, size, savedAt }) => ({
      path: `sightline://files/${encodeURIComponent(id)}`,
      name: id,
      modified: savedAt,
      bytes: size,
      mediaType,
    }));
  return { images, warnings: [] };
}
