import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonLines } from "./json-lines.ts";

async function* chunked(bytes: Uint8Array, cuts: readonly number[] = []): AsyncGenerator<Uint8Array> {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let index = 1; index < at.length; index++) yield bytes.subarray(at[index - 1], at[index]);
}

async function read(text: string, cuts?: readonly number[]): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of jsonLines(chunked(new TextEncoder().encode(text), cuts))) values.push(value);
  return values;
}

describe("JSON lines", () => {
  test("come out as they were written, wherever the bytes are cut: in a character, in a line end, nowhere", async () => {
    const line = fc.record({ content: fc.string({ unit: "binary" }), done: fc.boolean() });
    const ending = fc.constantFrom("\n", "\r\n", "\n\n");
    await fc.assert(
      fc.asyncProperty(fc.array(line), ending, fc.boolean(), fc.array(fc.nat(), { maxLength: 20 }), async (values, end, closed, cuts) => {
        const text = values.map((value) => JSON.stringify(value)).join(end) + (closed ? end : "");
        expect(await read(text, cuts)).toEqual(JSON.parse(JSON.stringify(values)));
      }),
    );
  });

  test("a line of a megabyte in a thousand pieces", async () => {
    const value = { content: "ä€😀 ".repeat(100_000) };
    const cuts = Array.from({ length: 1000 }, (_, index) => index * 997);
    expect(await read(`${JSON.stringify(value)}\n`, cuts)).toEqual([value]);
  });

  test("a byte order mark before the first is no part of it", async () => {
    expect(await read('\uFEFF{"done":true}')).toEqual([{ done: true }]);
  });

  test("a line that is not JSON is named", async () => {
    await expect(read('{"done":false}\n{oops\n')).rejects.toThrow(new SyntaxError("{oops"));
  });

  test("a line without end is not kept for ever", async () => {
    let sent = 0;
    async function* flood(): AsyncGenerator<Uint8Array> {
      const chunk = new Uint8Array(1_000_000).fill(97);
      for (; ; sent++) yield chunk;
    }
    await expect(jsonLines(flood()).next()).rejects.toThrow("a line of more than 16000000 characters");
    expect(sent).toBe(16);
  });

  test("leaving early lets go of the body", async () => {
    let released = false;
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new TextEncoder().encode("{}\n");
      } finally {
        released = true;
      }
    }
    for await (const value of jsonLines(body())) {
      expect(value).toEqual({});
      break;
    }
    expect(released).toBe(true);
  });
});
