import type { FileKind } from "@sightline/core";

export interface SniffedFile {
  readonly kind: FileKind | "text" | "playlist" | "unreadable-image" | "other" | "unknown";
  /** IANA media type; absent when nothing was recognised. */
  readonly mediaType?: string;
  /** What it is in plain words, for messages: "a PNG picture", "plain text". */
  readonly words: string;
}

/** Media types the decoder reads, and how people call them. */
const READABLE: ReadonlyMap<string, string> = new Map([
  ["image/jpeg", "JPEG"],
  ["image/png", "PNG"],
  ["image/apng", "PNG"],
  ["image/webp", "WebP"],
  ["image/avif", "AVIF"],
  ["image/gif", "GIF"],
  ["image/tiff", "TIFF"],
  ["image/bmp", "BMP"],
  ["image/heic", "HEIC"],
  ["image/heif", "HEIC"],
  ["image/heic-sequence", "HEIC"],
  ["image/heif-sequence", "HEIC"],
  ["image/svg+xml", "SVG"],
]);

/** The picture formats that can be read, as a sentence shows them. */
export const READABLE_PICTURES = [...new Set(READABLE.values())].join(", ");

/** Bytes that are looked at, for types and for text: what a file is stands at its beginning, and looking on would take seconds in 100 MB made for it. */
export const SNIFFED_BYTES = 1024 * 1024;
const TEXT_HEAD = 16 * 1024;

const PDF_HEAD = 1024;
const PDF: SniffedFile = { kind: "pdf", mediaType: "application/pdf", words: "a PDF document" };

/** What a file is by its bytes; its name is never asked. */
export async function sniff(bytes: Uint8Array): Promise<SniffedFile> {
  // Windows Notepad's UTF-16 begins like an MP3.
  const utf16 = isUtf16(bytes) ? headAsText(bytes) : undefined;
  if (utf16 !== undefined) {
    return startsWithElement(utf16)
      ? { kind: "xml", mediaType: "application/xml", words: "an XML file" }
      : { kind: "text", mediaType: "text/plain", words: "text" };
  }
  const { fileTypeFromBuffer } = await import("file-type");
  // A header that is cut off or lies about its length makes the library throw; the file is then simply not recognised.
  const type = await fileTypeFromBuffer(bytes.subarray(0, SNIFFED_BYTES)).catch(() => undefined);
  const mediaType = type?.mime ?? bySignature(bytes);
  // file-type knows XML by its declaration only, and neither a bare SVG nor a playlist.
  if (mediaType === undefined || mediaType === "application/xml") {
    const text = headAsText(bytes);
    if (text?.startsWith("#EXTM3U") === true)
      return { kind: "playlist", mediaType: "application/vnd.apple.mpegurl", words: "a playlist (m3u8)" };
    if (text !== undefined && startsWithSvg(text)) return { kind: "image", mediaType: "image/svg+xml", words: "an SVG picture" };
    // What a server shows instead of the picture: a login, a "not found".
    if (text !== undefined && /^<(?:!doctype\s+html|html)\b/i.test(text))
      return { kind: "text", mediaType: "text/html", words: "an HTML page" };
    // Bytes in an old 8-bit encoding that say they are XML are that too.
    if (mediaType !== undefined || (text !== undefined && startsWithElement(text)))
      return { kind: "xml", mediaType: "application/xml", words: "an XML file" };
    if (text !== undefined) return { kind: "text", mediaType: "text/plain", words: "text" };
    // Bytes of a mail or a download may stand before a PDF's beginning: readers look for it in the first kilobyte.
    if (Buffer.from(bytes.subarray(0, PDF_HEAD)).includes("%PDF-")) return PDF;
    return { kind: "unknown", words: "of no known kind" };
  }
  if (mediaType === PDF.mediaType) return PDF;
  if (mediaType.startsWith("video/")) return { kind: "video", mediaType, words: `a video (${mediaType})` };
  const name = READABLE.get(mediaType);
  if (name !== undefined) return { kind: "image", mediaType, words: `a ${name} picture` };
  if (mediaType.startsWith("image/"))
    return { kind: "unreadable-image", mediaType, words: `a picture of a kind that cannot be read (${mediaType})` };
  return { kind: "other", mediaType, words: `a file of type ${mediaType}` };
}

/**
 * Signatures that count although the library does not know the rest: a TIFF whose directory stands behind the head, where many
 * programs put it, and damaged JPEGs and PNGs, of which the decoder can tell more than "unknown" and often shows the picture.
 */
const SIGNATURES: readonly (readonly [sign: RegExp, mediaType: string])[] = [
  [/^\xff\xd8/, "image/jpeg"],
  [/^\x89PNG/, "image/png"],
  [/^(?:II[*+]\0|MM\0[*+])/, "image/tiff"],
];

function bySignature(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  return SIGNATURES.find(([sign]) => sign.test(start))?.[1];
}

const isUtf16 = (bytes: Uint8Array): boolean => (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);

/** The first characters when the bytes are text (UTF-8, or UTF-16 with its mark); undefined for anything binary. */
function headAsText(bytes: Uint8Array): string | undefined {
  const head = bytes.subarray(0, TEXT_HEAD);
  const encoding = !isUtf16(head) ? "utf-8" : head[0] === 0xff ? "utf-16le" : "utf-16be";
  try {
    // `stream`: a character cut in half at the end of the head is no fault.
    const text = new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true });
    // eslint-disable-next-line no-control-regex -- control characters are what tells binary from text
    return /[\u0000-\u0008\u000e-\u001a]/.test(text) ? undefined : text.trimStart();
  } catch {
    return undefined;
  }
}

/** True when a text begins as XML does that is no web page: with a declaration, a comment, a document type or an element. */
function startsWithElement(text: string): boolean {
  return /^<(?:\?xml[\s?]|!--|!DOCTYPE\s|[\p{L}_][\p{L}\p{N}_.:-]*[\s/>])/u.test(text);
}

/** True when, behind declarations, comments and a document type, the first element is `svg`. */
function startsWithSvg(text: string): boolean {
  let rest = text;
  for (;;) {
    rest = rest.trimStart();
    const end = rest.startsWith("<?") ? "?>" : rest.startsWith("<!--") ? "-->" : undefined;
    if (end !== undefined) {
      const at = rest.indexOf(end);
      if (at < 0) return false;
      rest = rest.slice(at + end.length);
    } else if (/^<!doctype/i.test(rest)) {
      return /^<!doctype\s+(?:\w+:)?svg\b/i.test(rest);
    } else {
      return /^<(?:\w+:)?svg[\s>/]/i.test(rest);
    }
  }
}
