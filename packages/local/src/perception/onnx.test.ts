import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { WEIGHTS } from "./eyes.ts";
import { createNativeModel } from "./onnx-native.ts";
import { createWasmModel } from "./onnx-wasm.ts";

// Rounding differs between the two runtimes; what is compared are probabilities.
test.each(["ocr/english.onnx", "ocr/detector.onnx"])("%s says the same natively and as WebAssembly", async (name) => {
  const path = fileURLToPath(new URL(name, WEIGHTS));
  const [native, wasm] = await Promise.all([createNativeModel(path, 2), createWasmModel(path)]);
  expect(wasm.inputNames).toEqual(native.inputNames);
  expect(wasm.outputNames).toEqual(native.outputNames);
  const dims = [1, 3, name.includes("detector") ? 96 : 48, 160];
  const data = Float32Array.from({ length: dims.reduce((a, b) => a * b) }, (_, index) => Math.sin(index / 7) * Math.cos(index / 131));
  const feeds = { [native.inputNames[0]!]: { data, dims } };
  const [a, b] = [await native.run(feeds), await wasm.run(feeds)];
  const output = native.outputNames[0]!;
  expect(b[output]!.dims).toEqual(a[output]!.dims);
  const furthest = a[output]!.data.reduce((most, value, index) => Math.max(most, Math.abs(value - b[output]!.data[index]!)), 0);
  expect(furthest).toBeLessThan(0.001);
  expect(Math.max(...a[output]!.data)).toBeGreaterThan(0);
});
