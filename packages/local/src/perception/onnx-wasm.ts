import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { SetupError } from "@sightline/core";
import type * as WasmRuntime from "onnxruntime-web/wasm";
import type { OnnxModel, Tensor } from "./onnx.ts";

/** The only file that knows the WebAssembly build of the ONNX runtime: 2.4 to 3 times as slow as the native one, and it can be ended in a thread. */
type Runtime = typeof WasmRuntime;

let runtime: Promise<Runtime> | undefined;

/** Loads an ONNX file. One core: the runtime's own threads would want a page's `fetch` and more workers than a host may allow. */
export async function createWasmModel(path: string): Promise<OnnxModel> {
  runtime ??= loadRuntime();
  runtime.catch(() => (runtime = undefined));
  const ort = await runtime;
  const session = await ort.InferenceSession.create(await readFile(path), {
    executionProviders: ["wasm"],
    executionMode: "sequential",
    enableCpuMemArena: true,
    enableMemPattern: false,
    logSeverityLevel: 3,
  });
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(inputs) {
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, { data, dims }]) => [name, new ort.Tensor("float32", data, dims)] as const),
      );
      const outputs: Record<string, Tensor> = {};
      for (const [name, value] of Object.entries(await session.run(feeds))) {
        if (!(value.data instanceof Float32Array)) throw new TypeError(`Output ${name} of ${path} is ${value.type}, not float32.`);
        outputs[name] = { data: value.data, dims: value.dims };
      }
      return outputs;
    },
  };
}

async function loadRuntime(): Promise<Runtime> {
  try {
    const ort = await import("onnxruntime-web/wasm");
    // Handed over as bytes: left to itself the runtime would fetch it.
    ort.env.wasm.wasmBinary = await readFile(createRequire(import.meta.url).resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm"));
    ort.env.wasm.numThreads = 1;
    ort.env.logLevel = "error";
    return ort;
  } catch (cause) {
    throw new SetupError("In a worker thread networks run as WebAssembly, and that runtime is not installed.", {
      hint: "Leave SIGHTLINE_WORKERS unset so that child processes are used, or install it: npm install onnxruntime-web.",
      cause,
    });
  }
}
