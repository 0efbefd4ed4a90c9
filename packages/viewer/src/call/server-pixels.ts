import type { ReadResourceResult } from "@modelcontextprotocol/client";
import type { PagePicture, Pixels } from "../view/pixels.ts";
import { isJson, numberOf, type Json } from "../view/json.ts";
import type { Result } from "./result.ts";

export type ReadResource = (uri: string) => Promise<ReadResourceResult>;

/** Where the server says how large the page is that it shows. */
const PAGE_KEY = "io.github.sightline/page";

/** Pictures of the files a call was about, read from the server as resources. Each is read once. */
export function serverPixels(references: readonly string[], links: Result["links"], read: ReadResource): Pixels {
  const pages = new Map<string, Promise<PagePicture>>();
  const saved = new Map<string, Promise<string>>();
  return {
    files: references.length,
    page(file, page) {
      const reference = references[file];
      if (reference === undefined) return Promise.reject(new Error(`There is no file ${file + 1} in this call.`));
      const uri = `sightline://view?reference=${encodeURIComponent(reference)}&page=${page}`;
      return once(pages, uri, async () => {
        const content = first(await read(uri));
        const about = aboutPage(content);
        const url = toUrl(content);
        // A host that drops what it does not know leaves the picture's own size.
        const size = numberOf(about["width"]) === undefined ? await sizeOf(url) : about;
        return {
          url,
          width: numberOf(size["width"]) ?? 1,
          height: numberOf(size["height"]) ?? 1,
          pages: numberOf(about["pages"]) ?? 1,
        };
      });
    },
    saved: (reference) => once(saved, reference, async () => toUrl(first(await read(handleOf(reference, links))))),
  };
}

/** A failure is not kept: what failed is tried again. */
function once<Value>(kept: Map<string, Promise<Value>>, key: string, make: () => Promise<Value>): Promise<Value> {
  let value = kept.get(key);
  if (value === undefined) {
    value = make();
    kept.set(key, value);
    value.catch(() => kept.delete(key));
  }
  return value;
}

type Content = ReadResourceResult["contents"][number];

function first({ contents }: ReadResourceResult): Content {
  const [content] = contents;
  if (content === undefined) throw new Error("The server answered with nothing.");
  return content;
}

function toUrl(content: Content): string {
  if (!("blob" in content)) throw new Error("The server answered with text in place of a picture.");
  // Not blob: what the specification of MCP Apps lets a page show by default is data: alone.
  return `data:${content.mimeType ?? "image/jpeg"};base64,${content.blob}`;
}

function aboutPage({ _meta }: Content): Json {
  const about = _meta?.[PAGE_KEY];
  return isJson(about) ? about : {};
}

async function sizeOf(url: string): Promise<{ readonly width: number; readonly height: number }> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return { width: image.naturalWidth, height: image.naturalHeight };
}

/** A saved file is named by a path or an address whose last part is its handle. */
function handleOf(reference: string, links: Result["links"]): string {
  const name = decodeURIComponent(reference.split(/[/\\]/).at(-1) ?? reference);
  return links.find((link) => link.name === name)?.uri ?? `sightline://files/${encodeURIComponent(name)}`;
}
