import { init, type WrappedPdfiumModule } from "@embedpdf/pdfium";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/** The one place that loads pdfium. Its API is C: https://pdfium.googlesource.com/pdfium/+/refs/heads/main/public/ */
export type Pdfium = WrappedPdfiumModule & { readonly pdfium: Memory };

/** pdfium's memory. The views are new ones whenever it has grown: never to be held. */
interface Memory {
  readonly HEAPU8: Uint8Array<ArrayBuffer>;
  readonly HEAP32: Int32Array;
  readonly HEAPU32: Uint32Array;
  readonly HEAPF32: Float32Array;
  readonly HEAPF64: Float64Array;
}

let loaded: Promise<Pdfium> | undefined;

/** Loads pdfium, once in a worker: 40 ms. Left to itself the library would fetch its WebAssembly from a CDN. */
export function loadPdfium(): Promise<Pdfium> {
  loaded ??= (async () => {
    const wasm = await readFile(createRequire(import.meta.url).resolve("@embedpdf/pdfium/pdfium.wasm"));
    const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength);
    const pdfium = (await init({ wasmBinary, print: () => {}, printErr: () => {} })) as Pdfium;
    pdfium.PDFiumExt_Init();
    return pdfium;
  })();
  return loaded;
}

/** Runs `use` with `bytes` of pdfium's memory, zeroed, and frees them. RangeError when there is no room. */
export function withMemory<Result>({ pdfium }: Pdfium, bytes: number, use: (at: number) => Result): Result {
  const at = pdfium.wasmExports.malloc(bytes);
  if (at === 0) throw new RangeError(`no room for ${bytes} bytes`);
  try {
    pdfium.HEAPU8.fill(0, at, at + bytes);
    return use(at);
  } finally {
    pdfium.wasmExports.free(at);
  }
}

/** A UTF-16 string as pdfium's getters give it: `read` fills a buffer and returns the bytes needed, its closing NUL among them. */
export function readUtf16(lib: Pdfium, read: (at: number, bytes: number) => number, maxBytes = 64 * 1024): string {
  const bytes = read(0, 0);
  if (bytes <= 2 || bytes > maxBytes) return "";
  return withMemory(lib, bytes, (at) => {
    read(at, bytes);
    return new TextDecoder("utf-16le").decode(lib.pdfium.HEAPU8.slice(at, at + bytes - 2));
  });
}
