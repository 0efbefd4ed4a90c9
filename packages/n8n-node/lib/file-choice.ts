import { InputError } from "../bridge/core.ts";

/** What a user means by the field "Input Binary Field": names of fields, all of them, an address, or the file's own text by mistake. */
export type FileChoice =
  | {
      readonly kind: "fields";
      readonly names: readonly string[];
      /** True where each was named, false for "all" and patterns. */ readonly named: boolean;
    }
  | { readonly kind: "urls"; readonly urls: readonly string[] }
  | { readonly kind: "base64"; readonly bytes: Uint8Array };

/** Shorter texts are names, in characters. */
const SHORTEST_BASE64 = 64;

const ALL: ReadonlySet<string> = new Set(["all", "*"]);

/**
 * @param text what was written, or an expression gave
 * @param fields the binary fields that the item has
 * InputError, which says what would be understood, for anything else.
 */
export function chooseFiles(text: string, fields: readonly string[]): FileChoice {
  const wanted = text.trim();
  if (wanted === "") throw new InputError("No file is named.", { hint: understood(fields) });
  if (ALL.has(wanted.toLowerCase()) && !fields.includes(wanted)) {
    if (fields.length === 0) throw new InputError("This item has no binary data.", { hint: understood(fields) });
    return { kind: "fields", names: fields, named: false };
  }
  if (fields.includes(wanted)) return { kind: "fields", names: [wanted], named: true };
  const words = wanted.split(/\s+/);
  if (words.every((word) => /^https?:\/\//i.test(word))) return { kind: "urls", urls: words };
  if (/^data:/i.test(wanted)) return { kind: "base64", bytes: dataUriBytes(wanted) };
  const bytes = base64Bytes(wanted);
  if (bytes !== undefined) return { kind: "base64", bytes };
  if (/^(?:[/\\~]|\.{1,2}\/|[a-z]:\\|file:)/i.test(wanted)) {
    throw new InputError("Files are not read from disk by this node.", {
      hint: 'Put the node "Read/Write Files from Disk" before it, and name its binary field here.',
    });
  }
  if (wanted.startsWith("{{")) {
    throw new InputError("The field holds an expression that is taken as text.", {
      hint: 'Switch "Input Binary Field" from Fixed to Expression.',
    });
  }
  const names = wanted
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return { kind: "fields", ...matching(names, fields) };
}

function matching(names: readonly string[], fields: readonly string[]): { names: string[]; named: boolean } {
  const found = names.flatMap((name) => {
    const pattern = name.includes("*") ? new RegExp(`^${name.split("*").map(escaped).join(".*")}$`) : undefined;
    const matches = pattern === undefined ? fields.filter((field) => field === name) : fields.filter((field) => pattern.test(field));
    if (matches.length === 0) throw new InputError(`This item has no binary field "${cut(name)}".`, { hint: understood(fields) });
    return matches;
  });
  return { names: [...new Set(found)], named: names.every((name) => !name.includes("*")) };
}

function escaped(text: string): string {
  return text.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&");
}

/** What was given may be anything: a file's own text does not belong into an error. */
function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function understood(fields: readonly string[]): string {
  const has = fields.length === 0 ? "This item has no binary fields" : `This item's binary fields: ${fields.join(", ")}`;
  return `${has}. Understood are names of binary fields separated by commas, "all", or an http(s) URL; an expression may also give the binary itself, e.g. {{ $('Webhook').first().binary.data }}.`;
}

function dataUriBytes(uri: string): Uint8Array {
  const comma = uri.indexOf(",");
  if (comma < 0) throw new InputError("The data: URI has no data.");
  const data = uri.slice(comma + 1);
  if (/;base64$/i.test(uri.slice(0, comma))) return Buffer.from(data, "base64");
  try {
    return Buffer.from(decodeURIComponent(data));
  } catch (error) {
    throw new InputError("The data: URI holds what is no percent-encoding.", { cause: error });
  }
}

/** Undefined where it is no base64. Field names have neither the length nor, beyond it, the alphabet. */
function base64Bytes(text: string): Uint8Array | undefined {
  const packed = text.replaceAll(/\s+/g, "");
  if (packed.length < SHORTEST_BASE64 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(packed)) return undefined;
  return Buffer.from(packed, "base64");
}
