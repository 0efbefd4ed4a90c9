/** The part of onnxruntime-node 1.17 that onnx-native.ts uses; that release ships without its types. */
declare module "onnxruntime-node" {
  export class Tensor {
    constructor(type: "float32", data: Float32Array, dims: readonly number[]);
    readonly type: string;
    readonly data: unknown;
    readonly dims: readonly number[];
  }
  export interface Session {
    readonly inputNames: readonly string[];
    readonly outputNames: readonly string[];
    run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  }
  export interface SessionOptions {
    readonly executionProviders: readonly string[];
    readonly intraOpNumThreads: number;
    readonly interOpNumThreads: number;
    readonly executionMode: "sequential" | "parallel";
    readonly enableCpuMemArena: boolean;
    readonly enableMemPattern: boolean;
    readonly logSeverityLevel: 0 | 1 | 2 | 3 | 4;
  }
  const runtime: {
    readonly InferenceSession: { create(path: string, options: SessionOptions): Promise<Session> };
    readonly Tensor: typeof Tensor;
  };
  export default runtime;
}
