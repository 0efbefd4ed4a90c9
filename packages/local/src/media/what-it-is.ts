import { fileTypeFromBuffer } from "file-type";

/** In words, what bytes that are no picture we can decode look like: "a PDF document", "plain text", … */
export async function whatItIs(bytes: Uint8Array): Promise<string> {
  if (bytes.length === 0) return "empty (0 bytes)";
  const type = await fileTypeFromBuffer(bytes).catch(() => undefined);
  if (type !== undefined) {
    if (type.mime === "application/pdf") return "a PDF document";
    if (type.mime.startsWith("video/")) return `a video (${type.mime})`;
    if (type.mime.startsWith("audio/")) return `a sound file (${type.mime})`;
    if (type.mime.startsWith("image/")) return `a picture of a kind that cannot be read here (${type.mime})`;
    return `a file of type ${type.mime}`;
  }
  const start = Buffer.from(bytes.subarray(0, 1024)).toString("utf8").trimStart();
  if (/^<(?:!doctype html|html)/i.test(start)) return "an HTML page";
  // Control characters other than tab, line feed, form feed and carriage return do not occur in text.
  // oxlint-disable-next-line no-control-regex
  return /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(start.slice(0, 512)) ? "of no known kind" : "plain text";
}
