import type { EncodedImage } from "../ports.ts";

/** What stands for the picture of this number as a `url` until the request is written. */
export function pictureMark(index: number): string {
  return `picture:${index}`;
}

/**
 * `body` as the bytes of its JSON, with each picture as a data URI where its mark stands, in that order. Base64 needs no escaping: looking for something
 * to escape in a picture, and copying it once more, would take longer than all else a question costs.
 */
export function jsonBytes(body: object, pictures: readonly EncodedImage[]): Uint8Array<ArrayBuffer> {
  let rest = JSON.stringify(body);
  const pieces: { readonly text: string; readonly encoding: BufferEncoding }[] = [];
  for (const [index, { bytes, mediaType }] of pictures.entries()) {
    // Unescaped quotes: no text of the body can hold this.
    const mark = `"url":"${pictureMark(index)}"`;
    const at = rest.indexOf(mark);
    if (at === -1) throw new Error(`the request has no place for picture ${index}`);
    pieces.push(
      { text: `${rest.slice(0, at)}"url":"data:${mediaType};base64,`, encoding: "utf8" },
      { text: base64(bytes), encoding: "latin1" },
    );
    rest = `"${rest.slice(at + mark.length)}`;
  }
  pieces.push({ text: rest, encoding: "utf8" });
  const written = Buffer.allocUnsafeSlow(pieces.reduce((sum, { text, encoding }) => sum + Buffer.byteLength(text, encoding), 0));
  let at = 0;
  for (const { text, encoding } of pieces) at += written.write(text, at, encoding);
  return written;
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
