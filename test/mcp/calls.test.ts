import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, ERAS, SAMPLES, type Connection } from "./connect.ts";

const sample = (name: string): string => path.join(SAMPLES, name);
const box = { x: expect.any(Number), y: expect.any(Number), width: expect.any(Number), height: expect.any(Number) };

describe.each(ERAS)("calls, %s", (era) => {
  let server: Connection;
  beforeAll(async () => void (server = await connect({ era })));
  afterAll(() => server.close());

  it("describe_image finds the person in a photograph, without a model", async () => {
    const { isError, text, data } = await server.call("describe_image", { image: sample("astronaut.png") });
    expect(isError, text).toBe(false);
    expect(data).toMatchObject({ source: "embedded", kind: "photo", width: 512, height: 512 });
    expect(data.people[0]).toMatchObject({ box, confidence: expect.any(Number) });
    expect(text).toContain(data.description);
    expect(data.warnings.join(" ")).toMatch(/no model/i);
  });

  it("extract_text reads the words of a receipt", async () => {
    const words = await server.call("extract_text", { document: sample("receipt.png") });
    expect(words.isError, words.text).toBe(false);
    expect(words.data.text).toMatch(/total/i);
    expect(words.text).toContain(words.data.text);
    expect(words.data.pages).toEqual([{ number: 1, width: expect.any(Number), height: expect.any(Number), source: "ocr" }]);
  });

  it("status says what is set up", async () => {
    const { data, text } = await server.call("status", {});
    expect(data.allowed_folders).toEqual([{ path: SAMPLES, readable: true }]);
    expect(data.model).toBeUndefined();
    expect(text).toContain(SAMPLES);
  });

  it("list_images finds the newest pictures by path", async () => {
    const { data, text } = await server.call("list_images", { limit: 3 });
    expect(data.images).toHaveLength(3);
    const { images } = (await server.call("list_images", {})).data;
    expect(images.map((image: { path: string }) => image.path).toSorted()).toEqual(
      ["astronaut.png", "chelsea.png", "coffee.png", "invoice.png", "park.jpg", "receipt.png"].map(sample),
    );
    expect(text).toContain(data.images[0].path);
  });
});

it("extract_text says where each line stands when asked to, in words too: some hosts pass on nothing else", async () => {
  const server = await connect();
  try {
    const { data, text } = await server.call("extract_text", { document: sample("receipt.png"), evidence: "boxes" });
    expect(data.pages[0].lines[0]).toEqual({ text: expect.any(String), box, confidence: expect.any(Number), source: "ocr" });
    expect(data.text).toContain(data.pages[0].lines[0].text);
    for (const { box: at } of data.pages[0].lines) expect(text).toContain(`x=${at.x} y=${at.y} width=${at.width} height=${at.height}`);
  } finally {
    await server.close();
  }
});
