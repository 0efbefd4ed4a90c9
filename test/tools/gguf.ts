import { writeFileSync } from "node:fs";

/** Writes model files in llama.cpp's format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (version 3, 32-bit floats only). */

export type Metadata = readonly (
  | readonly [key: string, type: "u32" | "f32", value: number]
  | readonly [key: string, type: "bool", value: boolean]
  | readonly [key: string, type: "string", value: string]
  | readonly [key: string, type: "i32[]" | "f32[]", value: readonly number[]]
  | readonly [key: string, type: "string[]", value: readonly string[]]
)[];

export interface Tensor {
  /** Outermost dimension first; the file wants it the other way round. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Codes of value types; an array's is followed by that of its elements. */
const TYPE = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const;
const TENSOR_OF_F32 = 0;
const ALIGNMENT = 32;

export function writeGguf(path: string, metadata: Metadata, tensors: readonly (readonly [name: string, tensor: Tensor])[]): void {
  const head: Buffer[] = [Buffer.from("GGUF"), u32(3), u64(tensors.length), u64(metadata.length)];
  for (const [key, type, value] of metadata) {
    head.push(text(key));
    if (Array.isArray(value)) {
      const element = type.replace("[]", "") as "i32" | "f32" | "string";
      head.push(u32(TYPE.array), u32(TYPE[element]), u64(value.length), ...value.map((item: number | string) => encoded(element, item)));
    } else {
      const single = type as "u32" | "f32" | "bool" | "string";
      head.push(u32(TYPE[single]), encoded(single, value as number | string | boolean));
    }
  }
  const body: Buffer[] = [];
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    head.push(text(name), u32(shape.length), ...shape.toReversed().map(u64), u32(TENSOR_OF_F32), u64(offset));
    const bytes = aligned(Buffer.from(data.buffer));
    body.push(bytes);
    offset += bytes.length;
  }
  writeFileSync(path, Buffer.concat([aligned(Buffer.concat(head)), ...body]));
}

function encoded(type: "u32" | "i32" | "f32" | "bool" | "string", value: number | string | boolean): Buffer {
  switch (type) {
    case "string":
      return text(String(value));
    case "bool":
      return Buffer.from([value ? 1 : 0]);
    case "f32":
      return f32(Number(value));
    case "u32":
    case "i32":
      return u32(Number(value));
  }
}

function aligned(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & (ALIGNMENT - 1))]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([u64(bytes.length), bytes]);
}
