import { InputError } from "@sightline/core";
import { tooBig } from "./paths.ts";

/** What a data URI is called in messages: by its `name` parameter, where whoever made it gave one, so that a person recognises the file. */
export function nameOfDataUri(uri: string): string {
  const encoded = /^data:[^,]{0,300}?;name=([^;,]+)/i.exec(uri)?.[1];
  try {
    const name = decodeURIComponent(encoded ?? "")
      .replace(/\p{Cc}/gu, "")
      .slice(0, 100);
    if (name !== "") return name;
  } catch {
    // No name that can be read.
  }
  return "data URI";
}

/**
 * Decodes base64 and refuses what is none. Node's own decoder skips over anything it does not know, so garbage
 * shows as fewer bytes than the text should give.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const packed = text.replace(/\s+/g, "").replace(/={1,2}$/, "");
  if (packed.length === 0 || packed.length % 4 === 1) return undefined;
  const bytes = Buffer.from(packed, "base64");
  return bytes.length === Math.floor((packed.length * 3) / 4) ? bytes : undefined;
}

/**
 * The bytes of a `data:` URI (RFC 2397), base64 or percent-encoded. Its declared media type is not looked at: bytes tell.
 * InputError when there is no comma, nothing behind it, or it is not decodable.
 */
export function readDataUri(uri: string, maxBytes: number): Uint8Array {
  const comma = uri.indexOf(",");
  if (comma < 0) {
    throw new InputError("The data URI has no comma, so no data.", { hint: "It is written data:image/png;base64,<data>." });
  }
  const body = uri.slice(comma + 1);
  if (body.trim() === "") throw new InputError("The data URI is empty.", { hint: "It is written data:image/png;base64,<data>." });
  // Checked before decoding: each byte takes at least one character, in base64 four thirds of one.
  const base64 = /;\s*base64\s*$/i.test(uri.slice(0, comma));
  const atMost = base64 ? Math.floor(body.length * 0.75) : body.length;
  if (atMost > (base64 ? maxBytes : maxBytes * 3)) throw tooBig(nameOfDataUri(uri), atMost, maxBytes);
  const bytes = base64 ? decodeBase64(decodePercent(body, true)) : decodePercent(body, false);
  if (bytes === undefined) {
    throw new InputError("The data URI is not valid base64.", {
      hint: "Long base64 is often cut off on its way. Save the picture as a file and give its path instead.",
    });
  }
  if (bytes.length > maxBytes) throw tooBig(nameOfDataUri(uri), bytes.length, maxBytes);
  return bytes;
}

function decodePercent(body: string, asText: true): string;
function decodePercent(body: string, asText: false): Uint8Array;
function decodePercent(body: string, asText: boolean): string | Uint8Array {
  if (!body.includes("%")) return asText ? body : Buffer.from(body, "utf8");
  // Percent-encoding carries bytes, not characters: latin1 keeps each as it is.
  const text = Buffer.from(body, "utf8").toString("latin1");
  const bytes = Buffer.from(
    text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );
  return asText ? bytes.toString("latin1") : bytes;
}
