import type { IBinaryData, IExecuteFunctions } from "n8n-workflow";
import { InputError, ModelError } from "../bridge/core.ts";
import { n8nClock } from "./clock.ts";
import { chooseFiles } from "./file-choice.ts";
import { request } from "./http.ts";
import { kindOf } from "./kind.ts";
import type { ItemFile } from "./way.ts";

/** The files of one item, as its "Input Binary Field" names them. */

export interface ItemFiles {
  readonly files: readonly ItemFile[];
  /** True where each was named: what is named is wanted, and nothing of it is skipped. */
  readonly named: boolean;
}

/** How long a download may take, in ms. */
const DOWNLOAD_MS = 60_000;

export function itemFiles(context: IExecuteFunctions, item: number, value: unknown, signal: AbortSignal): ItemFiles {
  if (typeof value === "object" && value !== null) {
    const binaries = binariesIn(value);
    return { named: binaries.length === 1, files: binaries.map((binary, index) => binaryFile(context, item, index, binary)) };
  }
  const binary = context.getInputData()[item]?.binary ?? {};
  const choice = chooseFiles(typeof value === "string" ? value : "", Object.keys(binary));
  if (choice.kind === "urls") return { named: true, files: choice.urls.map((url, index) => urlFile(context, index, url, signal)) };
  if (choice.kind === "base64") return { named: true, files: [bytesFile(choice.bytes)] };
  return {
    named: choice.named,
    files: choice.names.map((name, index) => binaryFile(context, item, index, binary[name] as IBinaryData, name)),
  };
}

/** One binary, a list of them, or an item's whole `binary`. */
function binariesIn(value: object): IBinaryData[] {
  if (isBinary(value)) return [value];
  const found = (Array.isArray(value) ? (value as unknown[]) : Object.values(value)).filter(isBinary);
  if (found.length > 0) return found;
  throw new InputError("What the expression gave is no binary data.", {
    hint: "An expression gives a field's name, or the binary itself: {{ $('Webhook').first().binary.data }}.",
  });
}

function isBinary(value: unknown): value is IBinaryData {
  return typeof value === "object" && value !== null && "mimeType" in value && "data" in value;
}

function binaryFile(context: IExecuteFunctions, item: number, index: number, binary: IBinaryData, field?: string): ItemFile {
  const name = binary.fileName ?? field ?? `file ${index + 1}`;
  return itemFile(`file:${index}`, name, () => context.helpers.getBinaryDataBuffer(item, field ?? binary));
}

function urlFile(context: IExecuteFunctions, index: number, url: string, signal: AbortSignal): ItemFile {
  const { hostname, pathname } = URL.canParse(url) ? new URL(url) : { hostname: url, pathname: "" };
  // Addresses can hold keys in their query: the name is what stands before it.
  const name = pathname.split("/").at(-1) || hostname;
  const load = async (): Promise<Uint8Array> => {
    let response: Response;
    try {
      response = await request(context, { url, signal }, { timeoutMs: DOWNLOAD_MS, retries: 2, clock: n8nClock, followsRedirects: true });
    } catch (error) {
      signal.throwIfAborted();
      throw new ModelError(`${name} could not be loaded from ${hostname}.`, { retryable: true, cause: error, hint: "Check the address." });
    }
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    throw new InputError(`${name} could not be loaded from ${hostname}: HTTP ${response.status}.`, {
      hint: "Check the address, and whether it needs a login.",
    });
  };
  return { ...itemFile(`file:${index}`, name, load, "Check what the address leads to: it may be a web page, or a login."), url };
}

function bytesFile(bytes: Uint8Array): ItemFile {
  return itemFile("file:0", "base64 text", async () => bytes);
}

/** `hint` says what to look at where the file turns out to be none that is known. */
function itemFile(
  reference: string,
  name: string,
  bytes: () => Promise<Uint8Array>,
  hint = "Check which binary field is named.",
): ItemFile {
  return {
    reference,
    name,
    bytes,
    async load() {
      const loaded = await bytes();
      if (loaded.length === 0) throw new InputError(`${name} is empty.`, { hint });
      const { kind, mediaType = "application/octet-stream" } = kindOf(loaded);
      if (kind === "other") throw new InputError(`${name} is neither a picture nor a PDF, XML or video.`, { hint });
      return { name, kind, mediaType, bytes: loaded };
    },
  };
}
