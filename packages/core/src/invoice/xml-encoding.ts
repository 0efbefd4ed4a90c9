/** Bytes of an XML file to text, as XML 1.0 (appendix F) says: byte order mark first, then the declaration. */

export interface DecodedXml {
  readonly text: string;
  /** What was wrong with what the file says of its own encoding, in words. */
  readonly warnings: readonly string[];
}

const MARKS: readonly { readonly bytes: readonly number[]; readonly encoding: string }[] = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: "utf-8" },
  { bytes: [0xff, 0xfe], encoding: "utf-16le" },
  { bytes: [0xfe, 0xff], encoding: "utf-16be" },
  // "<?" without a mark.
  { bytes: [0x3c, 0x00, 0x3f, 0x00], encoding: "utf-16le" },
  { bytes: [0x00, 0x3c, 0x00, 0x3f], encoding: "utf-16be" },
];

/** Bytes within which the declaration ends. */
const DECLARATION_BYTES = 200;

/** What bytes are taken for that are not in the encoding they claim: the 8-bit encoding that mislabelled files are in most often, and that no byte is wrong in. */
const LAST_RESORT = "windows-1252";

/** Never fails: bytes that fit no encoding are read as Windows-1252, and a warning says so. */
export function decodeXml(bytes: Uint8Array): DecodedXml {
  const mark = MARKS.find(({ bytes: wanted }) => wanted.every((byte, index) => bytes[index] === byte));
  if (mark !== undefined) return decodeAs(mark.encoding, bytes, []);
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, DECLARATION_BYTES));
  const declared = /^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([^"']+)["']/.exec(head)?.[1];
  if (declared === undefined) return decodeAs("utf-8", bytes, []);
  // A declaration that could be read byte by byte is not in UTF-16, whatever it says.
  if (/^utf-?(?:16|32)/i.test(declared) || !isKnown(declared)) {
    return decodeAs("utf-8", bytes, [`The XML names an encoding that it is not in (${quoted(declared)}); it was read as UTF-8.`]);
  }
  return decodeAs(declared, bytes, []);
}

function decodeAs(encoding: string, bytes: Uint8Array, warnings: readonly string[]): DecodedXml {
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), warnings };
  } catch {
    return {
      text: new TextDecoder(LAST_RESORT).decode(bytes),
      warnings: [
        `The XML is not in the encoding it claims (${encoding}); it was read as Windows-1252, so letters with accents may be wrong.`,
      ],
    };
  }
}

function isKnown(encoding: string): boolean {
  try {
    return new TextDecoder(encoding).encoding !== "";
  } catch {
    return false;
  }
}

/** A stranger's word in a message of ours. */
function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
