import protobuf from "protobufjs";

/**
 * Halves what a network weighs: its large tensors are stored in 16 bits and turned back into 32 by a Cast node, which the runtime folds away when it loads the file. It computes in 32 bits as
 * before; what is lost is the last bits of the weights.
 *
 * Everything that is not changed is carried over as the bytes it came in: `bytes` below stands for messages nobody looks into.
 * The numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */
const SCHEMA = `syntax = "proto2"; package onnx;
message ModelProto {
  optional int64 ir_version = 1; optional string producer_name = 2; optional string producer_version = 3; optional string domain = 4; optional int64 model_version = 5;
  optional string doc_string = 6; optional GraphProto graph = 7; repeated bytes opset_import = 8; repeated bytes metadata_props = 14;
}
message GraphProto {
  repeated bytes node = 1; optional string name = 2; repeated bytes initializer = 5; optional string doc_string = 10; repeated bytes input = 11; repeated bytes output = 12;
  repeated bytes value_info = 13;
}
message NodeProto { repeated string input = 1; repeated string output = 2; optional string name = 3; optional string op_type = 4; repeated AttributeProto attribute = 5; }
message AttributeProto { optional string name = 1; optional int64 i = 3; optional TensorProto t = 5; optional int32 type = 20; }
message TensorProto { repeated int64 dims = 1; optional int32 data_type = 2; repeated float float_data = 4 [packed = true]; optional string name = 8; optional bytes raw_data = 9; }`;

const FLOAT = 1;
const FLOAT16 = 10;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_TENSOR = 4;

/** Values in a tensor that is worth it; scales and offsets of channels stay as they are. */
const LARGE = 1024;

/** The largest number that 16 bits hold. */
const LARGEST_HALF = 65_504;

interface Tensor {
  readonly dims: readonly unknown[];
  readonly dataType: number;
  readonly floatData: readonly number[];
  readonly name: string;
  readonly rawData: Uint8Array;
}

interface Node {
  readonly output: readonly string[];
  readonly opType: string;
  readonly attribute: readonly { readonly name: string; readonly t?: Tensor }[];
}

interface Model {
  readonly graph: { node: Uint8Array[]; initializer: Uint8Array[] };
}

const { root } = protobuf.parse(SCHEMA);
const ModelProto = root.lookupType("onnx.ModelProto");
const NodeProto = root.lookupType("onnx.NodeProto");
const TensorProto = root.lookupType("onnx.TensorProto");

/** `model`, the bytes of an ONNX file, with its large weights in 16 bits. */
export function withHalfWeights(model: Uint8Array): Uint8Array {
  const decoded = ModelProto.decode(model) as unknown as Model;
  const casts: Uint8Array[] = [];
  decoded.graph.initializer = decoded.graph.initializer.map((bytes) => {
    const tensor = TensorProto.decode(bytes) as unknown as Tensor;
    const half = halved(tensor, tensor.name);
    if (half === undefined) return bytes;
    casts.push(castNode(half.name, tensor.name));
    return TensorProto.encode(half).finish();
  });
  const nodes = decoded.graph.node.flatMap((bytes) => {
    const node = NodeProto.decode(bytes) as unknown as Node;
    const [output] = node.output;
    const tensor = node.attribute.find(({ name }) => name === "value")?.t;
    const half = node.opType === "Constant" && tensor && output !== undefined ? halved(tensor, output) : undefined;
    return half === undefined ? [bytes] : [constantNode(half), castNode(half.name, output!)];
  });
  decoded.graph.node = [...casts, ...nodes];
  return ModelProto.encode(decoded).finish();
}

/** The tensor called `name` in 16 bits, under a name of its own; undefined where it is small, no float32, or holds what 16 bits do not. */
function halved({ dims, dataType, floatData, rawData }: Tensor, name: string): Tensor | undefined {
  if (dataType !== FLOAT) return undefined;
  const values = floatData.length > 0 ? Float32Array.from(floatData) : new Float32Array(Uint8Array.from(rawData).buffer);
  if (values.length < LARGE || values.some((value) => !(Math.abs(value) <= LARGEST_HALF))) return undefined;
  const halves = Uint16Array.from(values, toHalf);
  return { dims, dataType: FLOAT16, floatData: [], name: `${name}:half`, rawData: new Uint8Array(halves.buffer) };
}

function castNode(from: string, to: string): Uint8Array {
  const attribute = [{ name: "to", type: ATTRIBUTE_INT, i: FLOAT }];
  return NodeProto.encode(NodeProto.create({ opType: "Cast", name: `${to}:cast`, input: [from], output: [to], attribute })).finish();
}

function constantNode(tensor: Tensor): Uint8Array {
  const attribute = [{ name: "value", type: ATTRIBUTE_TENSOR, t: tensor }];
  return NodeProto.encode(NodeProto.create({ opType: "Constant", name: tensor.name, output: [tensor.name], attribute })).finish();
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The bits of the nearest IEEE 754 binary16, ties to even; `value` is no larger than `LARGEST_HALF`. */
export function toHalf(value: number): number {
  float[0] = value;
  const [all = 0] = bits;
  const sign = (all >>> 16) & 0x8000;
  const exponent = ((all >>> 23) & 0xff) - 127 + 15;
  const mantissa = all & 0x7fffff;
  // Below 2^-25 even the smallest subnormal is further away than zero.
  if (exponent < -10) return sign;
  // A subnormal holds the hidden bit too, moved down.
  const [kept, dropped] = exponent <= 0 ? [mantissa | 0x800000, 14 - exponent] : [(exponent << 23) | mantissa, 13];
  const half = kept >>> dropped;
  const rest = kept & ((1 << dropped) - 1);
  const tie = 1 << (dropped - 1);
  return sign | (half + (rest > tie || (rest === tie && (half & 1) === 1) ? 1 : 0));
}
