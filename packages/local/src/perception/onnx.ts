import { availableParallelism } from "node:os";
import { isMainThread } from "node:worker_threads";

/**
 * Networks in ONNX files, whichever runtime they run on: native code in a process of its own; WebAssembly in a thread, because only that can be ended there (media/libvips.ts
 * holds sharp to the same). The npm package brings the native runtime, the bundle for Claude Desktop the other one.
 */

/** Row-major numbers with their shape. */
export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** A loaded network. One `run` at a time. */
export interface OnnxModel {
  run(inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
}

const loaded = new Map<string, Promise<OnnxModel>>();

/**
 * Loads an ONNX file for the CPU; the same path gives the same model again. `cores` work inside one run, all of the machine's unless it says otherwise: cores that
 * others keep busy are waited for at every step. WebAssembly always has one.
 * Only our own published weights come in here, never a caller's file.
 */
export function loadModel(path: string, cores: number = availableParallelism()): Promise<OnnxModel> {
  const key = isMainThread ? `${cores} ${path}` : path;
  const known = loaded.get(key);
  if (known !== undefined) return known;
  const loading = isMainThread ? loadNative(path, cores) : loadWasm(path);
  loaded.set(key, loading);
  loading.catch(() => loaded.delete(key));
  return loading;
}

async function loadNative(path: string, cores: number): Promise<OnnxModel> {
  const { createNativeModel } = await import("./onnx-native.ts");
  return createNativeModel(path, cores);
}

async function loadWasm(path: string): Promise<OnnxModel> {
  const { createWasmModel } = await import("./onnx-wasm.ts");
  return createWasmModel(path);
}
