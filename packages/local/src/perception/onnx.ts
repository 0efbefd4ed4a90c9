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
 * Loads an ONNX file for the CPU; the same path gives the same model again.
 * Only our own published weights come in here, never a caller's file.
 */
export function loadModel(path: string): Promise<OnnxModel> {
  const known = loaded.get(path);
  if (known !== undefined) return known;
  const loading = isMainThread ? loadNative(path) : loadWasm(path);
  loaded.set(path, loading);
  loading.catch(() => loaded.delete(path));
  return loading;
}

async function loadNative(path: string): Promise<OnnxModel> {
  const { createNativeModel } = await import("./onnx-native.ts");
  return createNativeModel(path);
}

async function loadWasm(path: string): Promise<OnnxModel> {
  const { createWasmModel } = await import("./onnx-wasm.ts");
  return createWasmModel(path);
}
