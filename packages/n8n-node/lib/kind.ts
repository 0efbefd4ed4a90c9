import type { FileKind } from "../bridge/core.ts";
import { pictureHeader } from "./picture.ts";

/** What a file is, by its bytes and never by its name. */
export interface Kind {
  readonly kind: FileKind | "other";
  /** IANA media type; absent when nothing was recognised. */
  readonly mediaType?: string;
}

/** Where a PDF may begin at the latest, in bytes (ISO 32000-1, annex H.3, note 13). */
const PDF_HEAD = 1024;

/** As much of a text as shows that it is XML, and of what kind, in bytes. */
const TEXT_HEAD = 1024;

/** Containers of film by their first characters: MP4 and QuickTime, Matroska and WebM, AVI. */
const VIDEO = [/^.{4}ftyp/s, /^.E\xdf\xa3/s, /^RIFF.{4}AVI /s] as const;

export function kindOf(bytes: Uint8Array): Kind {
  const picture = pictureHeader(bytes);
  if (picture !== undefined) return { kind: "image", mediaType: picture.mediaType };
  const head = String.fromCharCode(...bytes.subarray(0, PDF_HEAD));
  if (head.includes("%PDF-")) return { kind: "pdf", mediaType: "application/pdf" };
  if (VIDEO.some((sign) => sign.test(head))) return { kind: "video", mediaType: "video/mp4" };
  if (isXml(bytes)) return { kind: "xml", mediaType: "application/xml" };
  return { kind: "other" };
}

/**
 * True for a text that begins with an XML declaration, or whose first element names its namespace, as that of every electronic invoice does. Pages and mails in HTML
 * have no namespace, or their own.
 */
function isXml(bytes: Uint8Array): boolean {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  const text = new TextDecoder(encoding).decode(bytes.subarray(0, TEXT_HEAD)).trimStart();
  const isMarked = /^<\?xml\s/.test(text) || /^(?:<!--.*?-->\s*)*<[A-Za-z_][^>]*\sxmlns[:=]/s.test(text);
  return isMarked && !/<(?:!doctype\s+)?html[\s>]/i.test(text);
}
