import { readFile } from "node:fs/promises";

/** The pages that are shown to people: in agents' hosts, and in a browser. */
export type PageName = "app" | "playground";

/** What the build laid beside the program, read when somebody asks for it: a server that is never looked at loads none of it. */
export interface Assets {
  /** A whole page, HTML. */
  page(name: PageName): Promise<string>;
  /** A sample file; undefined where there is none of that name. */
  sample(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

/** @param folder where the build lays them, with a slash at its end. */
export function createAssets(folder: URL): Assets {
  const pages = new Map<PageName, Promise<string>>();
  return {
    page(name) {
      let page = pages.get(name);
      if (page === undefined) {
        page = readFile(new URL(`viewer/${name}.html`, folder), "utf8");
        pages.set(name, page);
        page.catch(() => pages.delete(name));
      }
      return page;
    },
    async sample(name) {
      // A name, and nothing that leads elsewhere.
      if (!/^[a-z]+\.[a-z0-9]+$/.test(name)) return undefined;
      return readFile(new URL(`samples/${name}`, folder)).then(
        (bytes) => new Uint8Array(bytes),
        () => undefined,
      );
    },
  };
}
