import type { FileKind } from "../bridge/core.ts";
import { kindOf } from "./kind.ts";
import { pictureHeader } from "./picture.ts";

/** Which of an email's attachments are no documents: logos, banners, electronic signatures, calendar entries. */

/** Shorter side below which a picture is no document that anybody could read, in pixels: a till receipt at 100 dpi is 300 wide. */
const SMALLEST_SIDE = 300;

/** Wider than this many times its height a picture is a banner: paper is not cut so. */
const WIDEST = 3;

/** Why a file is left out where all of an item's files were asked for; undefined when it is taken. */
export function reasonToSkip(bytes: Uint8Array, wanted: readonly FileKind[], asDocuments: boolean): string | undefined {
  if (bytes.length === 0) return "it is empty";
  const { kind, mediaType } = kindOf(bytes);
  if (kind === "other" || !wanted.includes(kind)) {
    const words = wanted
      .map(kindWord)
      .join(", ")
      .replace(/, ([^,]*)$/, " or $1");
    return isZip(bytes)
      ? `it is no ${words} but a ZIP archive or an Office file: n8n's node Compression unpacks archives`
      : `it is no ${words}`;
  }
  if (kind !== "image" || !asDocuments) return undefined;
  if (mediaType === "image/svg+xml") return "as a drawing (SVG) it is no document, as logos are";
  const { width = 0, height = 0 } = pictureHeader(bytes) ?? {};
  if (Math.min(width, height) < SMALLEST_SIDE) return `with ${width} x ${height} pixels it is too small for a document, as logos are`;
  if (width > WIDEST * height) return `with ${width} x ${height} pixels it is a banner`;
  return undefined;
}

/** By the header of its first entry (PKWARE's APPNOTE, section 4.3.7). */
function isZip([p, k, three, four]: Uint8Array): boolean {
  return p === 0x50 && k === 0x4b && three === 3 && four === 4;
}

function kindWord(kind: FileKind): string {
  return kind === "image" ? "picture" : kind === "pdf" ? "PDF" : kind === "xml" ? "XML" : "video";
}
