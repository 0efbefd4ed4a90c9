import ort, { type Tensor as OrtTensor } from "onnxruntime-node";
import type { OnnxModel, Tensor } from "./onnx.ts";

/**
 * The only file that knows the native ONNX runtime. onnxruntime-node 1.17 is the last line that installs
 * without a script and without a second download; see docs/decisions/0002-ocr-engines.md.
 */

/** Loads an ONNX file; this many cores work inside one `run`. */
export async function createNativeModel(path: string, cores: number): Promise<OnnxModel> {
  const session = await ort.InferenceSession.create(path, {
    executionProviders: ["cpu"],
    intraOpNumThreads: cores,
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
