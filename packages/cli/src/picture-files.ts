import { InputError, type Store } from "@sightline/core";
import { mkdir } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { writeWhole } from "./write-whole.ts";

/** What pictures that are drawn are, by the names that say so. */
const DRAWN: ReadonlySet<string> = new Set([".jpg", ".jpeg"]);

/**
 * Saves pictures where a person asked for them: in a file by name (`seen.jpg`; those after the first are `seen-2.jpg`, …), or in a folder under names of their own. An earlier run's give
 * way. InputError for a file of another kind, and for what cannot be written.
 */
export function pictureFiles(place: string): Store {
  const path = resolve(place);
  const extension = extname(path).toLowerCase();
  const isFile = DRAWN.has(extension);
  if (!isFile && /^\.(?:png|gif|webp|tiff?|bmp|heic|avif|pdf|svg)$/.test(extension)) {
    throw new InputError(`Pictures are drawn as JPEG, not as ${extension.slice(1)}.`, { hint: "Name a .jpg file, or a folder." });
  }
  const taken = new Set<string>();
  const free = (wanted: string): string => {
    const stem = wanted.slice(0, wanted.length - extname(wanted).length);
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${stem}-${count}${extname(wanted)}`;
    taken.add(name);
    return name;
  };
  return {
    async save({ bytes, name }) {
      const file = free(isFile ? path : join(path, name));
      if (!isFile) {
        await mkdir(path, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
          throw new InputError(`The folder ${path} could not be made (${error.code}).`, {
            hint: "Name one that can be written.",
            cause: error,
          });
        });
      }
      await writeWhole(file, bytes, "The picture");
      return file;
    },
  };
}
