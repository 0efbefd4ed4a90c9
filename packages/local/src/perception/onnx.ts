import { availableParallelism } from "node:os";
import ort, { type Tensor as OrtTensor } from "onnxruntime-node";

/**
 * The only file that knows the ONNX runtime. onnxruntime-node 1.17 is the last line that installs
 * without a script and without a second download; see docs/decisions/0002-ocr-engines.md.
 */

/** Row-major numbers with their shape. */
export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** A loaded network. One `run` at a time and all of the machine's cores inside it. */
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
  const loading = createModel(path);
  loaded.set(path, loading);
  loading.catch(() => loaded.delete(path));
  return loading;
}

async function createModel(path: string): Promise<OnnxModel> {
  const session = await ort.InferenceSession.create(path, {
    executionProviders: ["cpu"],
    intraOpNumThreads: availableParallelism(),
    interOpNumThreads: 1,
    executionMode: "sequential",
    // With the arena the detector makes 200 ms fewer page faults a picture, and the peak is lower; a pattern would be kept for each input shape.
    enableCpuMemArena: true,
    enableMemPattern: false,
    logSeverityLevel: 3,
  });
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(inputs) {
      const feeds: Record<string, OrtTensor> = {};
      for (const [name, tensor] of Object.entries(inputs)) feeds[name] = new ort.Tensor("float32", tensor.data, tensor.dims);
      const outputs: Record<string, Tensor> = {};
      for (const [name, value] of Object.entries(await session.run(feeds))) {
        if (!(value.data instanceof Float32Array)) throw new TypeError(`Output ${name} of ${path} is ${value.type}, not float32.`);
        outputs[name] = { data: value.data, dims: value.dims };
      }
      return outputs;
    },
  };
}
