import { useMemo } from "preact/hooks";
import type { Connection } from "./connection.ts";
import type { PickedFile } from "./picked-file.ts";

/** How the server knows the picked files. */
export interface Uploads {
  /** Its handle, path or address; a file that lies in the browser is handed over first, once. */
  of(picked: PickedFile, signal?: AbortSignal): Promise<string>;
}

/** The server keeps a file for an hour; one is handed over anew before that, ms. */
const KEPT_MS = 50 * 60_000;

export function useUploads(connection: Connection): Uploads {
  return useMemo(() => {
    const handles = new WeakMap<File, { readonly handle: Promise<string>; readonly until: number }>();
    return {
      of({ name, file }, signal) {
        if (file === undefined) return Promise.resolve(name);
        const known = handles.get(file);
        if (known !== undefined && performance.now() < known.until) return known.handle;
        const handle = connection.upload(file, signal);
        handles.set(file, { handle, until: performance.now() + KEPT_MS });
        handle.catch(() => handles.delete(file));
        return handle;
      },
    };
  }, [connection]);
}
