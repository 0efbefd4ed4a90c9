import { askImage, describeImage, runTask } from "@sightline/core";
import { imageSize } from "image-size";
import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { type ChatRequest, pictureParts, textOf } from "../model/stand-in-rule.ts";
import { closeEyes, type ModelContextOptions, sample, startModelContext } from "./model-context.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function start(given?: ModelContextOptions) {
  const made = await startModelContext(given);
  open.push(() => made.close());
  return { ...made, bodies: () => made.server.requests.filter(({ method }) => method === "POST").map(({ body }) => body) };
}

const sentPictures = (body: ChatRequest | undefined): Buffer[] =>
  pictureParts(body).map(({ image_url }) => Buffer.from(image_url.url.split(",")[1] ?? "", "base64"));
const sizes = (body: ChatRequest | undefined): string[] =>
  sentPictures(body).map((bytes) => `${imageSize(bytes).width} x ${imageSize(bytes).height}`);

const uri = (bytes: Buffer): string => `data:application/octet-stream;base64,${bytes.toString("base64")}`;
const plain = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: "#7799bb" } })
    .png()
    .toBuffer();

const LLAMA = { model: "llama3.2-vision:11b" };
const question = "What is it?";

afterAll(closeEyes);

describe("what a model is sent", () => {
  it.each([
    ["a picture", 3000, 2000, "1120 x 747"],
    ["a wide one", 4000, 1200, "1680 x 504"],
    ["a panorama", 6000, 1200, "2240 x 448"],
    ["a tall panorama", 600, 3000, "448 x 2240"],
    ["a small one, never enlarged", 300, 200, "300 x 200"],
  ])("Llama 3.2 Vision sees %s at the size of its tiles", async (_name, width, height, size) => {
    const { context, bodies } = await start({ standIn: LLAMA });
    await runTask(askImage, { images: [uri(await plain(width, height))], question }, context);
    expect(sizes(bodies()[0])).toEqual([size]);
  });

  it("is one sheet of several pictures for Llama 3.2 Vision, and one each where the operator says so", async () => {
    const images = [sample("coffee.png"), sample("chelsea.png"), sample("astronaut.png")];
    const one = await start({ standIn: LLAMA });
    await runTask(askImage, { images, question }, one.context);
    const [sheet] = sentPictures(one.bodies()[0]);
    expect(sentPictures(one.bodies()[0])).toHaveLength(1);
    const { width, height } = imageSize(sheet ?? Buffer.alloc(0));
    expect(Math.max(width, height)).toBeLessThanOrEqual(1120);
    expect(Math.max(width, height)).toBeGreaterThan(1000);
    expect(textOf(one.bodies()[0])).toContain("a sheet of 3 pictures, numbered 1 to 3");

    const apart = await start({ standIn: LLAMA, options: { maxImages: 4 } });
    await runTask(askImage, { images, question }, apart.context);
    expect(sentPictures(apart.bodies()[0])).toHaveLength(3);
    expect(textOf(apart.bodies()[0])).toContain("There are 3 pictures, numbered 1 to 3 in the order given.");
  });

  it("is the file itself where it is to be sent unshrunk", async () => {
    const { context, bodies } = await start({ standIn: LLAMA, original: true });
    const png = await plain(1500, 900);
    await runTask(askImage, { images: [uri(png)], question }, context);
    expect(sentPictures(bodies()[0])).toEqual([png]);
    const several = await runTask(askImage, { images: [uri(png), sample("coffee.png")], question }, context);
    expect(several.warnings).toEqual(["The pictures were shrunk onto one sheet: llama3.2-vision:11b takes one picture at a time."]);
  });

  it("is asked for at temperature 0", async () => {
    const { context, bodies } = await start();
    await runTask(askImage, { images: [sample("coffee.png")], question }, context);
    await runTask(describeImage, { image: sample("coffee.png") }, context);
    expect(bodies().map((body) => body.temperature)).toEqual([0, 0]);
  });

  it("stays within the bytes that the server takes", async () => {
    const { context, bodies } = await start();
    if (context.model === undefined) return;
    const model = { ...context.model, abilities: { ...context.model.abilities, maxImages: 1, maxImageBytes: 20_000 } };
    const images = [sample("astronaut.png"), sample("chelsea.png")];
    await runTask(askImage, { images: images.slice(0, 1), question }, { ...context, model });
    await runTask(askImage, { images, question }, { ...context, model });
    expect(bodies()).toHaveLength(2);
    for (const body of bodies()) expect(sentPictures(body)[0]?.length).toBeLessThanOrEqual(20_000);
    expect((await readFile(images[0] ?? "")).length).toBeGreaterThan(20_000);
  });
});

describe("a model that sees in English alone", () => {
  const english = { description: "A cup of coffee on a table.", alt_text: "A cup of coffee", kind: "photo" };
  const german = {
    description: "Eine Tasse Kaffee auf einem Tisch.",
    alt_text:
      "Eine Tasse Kaffee mit Milch und Zucker, daneben ein Löffel aus Silber, eine Zeitung von gestern und ein Teller mit zwei Keksen darauf",
  };

  it("describes in English, and the text model translates", async () => {
    const { context, bodies, textServer, told, shown } = await start({
      standIn: { ...LLAMA, mode: "verbatim", text: JSON.stringify(english) },
      textStandIn: { model: "llama3.2:3b", mode: "verbatim", text: JSON.stringify(german) },
    });
    const output = await runTask(describeImage, { image: sample("coffee.png"), language: "German" }, context);
    expect(output).toMatchObject({
      description: german.description,
      kind: "photo",
      source: "model",
      model: "llama3.2-vision:11b",
      translated_by: "llama3.2:3b",
      warnings: [],
    });
    expect(output.alt_text).toMatch(/^Eine Tasse Kaffee mit/);
    expect(output.alt_text.length).toBeLessThanOrEqual(125);
    expect(textOf(bodies()[0])).toContain("Write in English.");
    const asked = textServer.requests.at(-1)?.body;
    expect(textOf(asked)).toContain("from English into German");
    expect(textOf(asked)).toContain(english.description);
    expect(pictureParts(asked)).toEqual([]);
    expect(told).toContain("Translating into German with llama3.2:3b");
    expect(describeImage.render(output)).toContain("described by llama3.2-vision:11b, translation by llama3.2:3b from English.");
    for (const soFar of shown) expect(german.description.startsWith(soFar)).toBe(true);
  });

  it("answers in English, and translates without the picture where there is no other model; quotes stay as printed", async () => {
    const text = (request: ChatRequest) =>
      pictureParts(request).length === 0
        ? JSON.stringify({ answer: "Bezahlt wurden 21,05." })
        : JSON.stringify({ answer: "21.05 was paid.", quotes: ["TOTAL GBP 21.05"] });
    const { context, bodies } = await start({ standIn: { ...LLAMA, mode: "verbatim", text } });
    const output = await runTask(askImage, { images: [sample("receipt.png")], question: "What was paid?", language: "de" }, context);
    expect(output).toMatchObject({
      answer: "Bezahlt wurden 21,05.",
      quotes: [{ text: "TOTAL GBP 21.05", found: true }],
      translated_by: "llama3.2-vision:11b",
      warnings: [],
    });
    expect(textOf(bodies()[0])).toContain("Answer in English.");
    expect(askImage.render(output)).toContain("Translation by llama3.2-vision:11b from English.");
  });

  it.each(["English", "en", "en-US", undefined])("is not translated where English is asked for: %s", async (language) => {
    const { context, bodies } = await start({ standIn: LLAMA });
    const images = [sample("coffee.png")];
    const output = await runTask(askImage, { images, question, ...(language === undefined ? {} : { language }) }, context);
    expect(output).not.toHaveProperty("translated_by");
    expect(bodies()).toHaveLength(1);
  });

  it("leaves other models to write in any language", async () => {
    const { context, bodies } = await start();
    await runTask(askImage, { images: [sample("coffee.png")], question, language: "German" }, context);
    expect(bodies()).toHaveLength(1);
    expect(textOf(bodies()[0])).toContain("Answer in German.");
  });
});

describe("a model that fails", () => {
  const image = sample("receipt.png");

  it.each(["server-error", "mllama", "non-answer"] as const)("is an error: %s", async (mode) => {
    const { context } = await start({ standIn: { mode } });
    await expect(runTask(describeImage, { image }, context)).rejects.toMatchObject({
      kind: expect.stringMatching(/^(Setup|Model|Answer)Error$/),
    });
  });

  it.each(["server-error", "mllama", "non-answer"] as const)(
    "is stood in for by the machine's own eyes where that was asked for: %s",
    async (mode) => {
      const { context } = await start({ standIn: { mode }, fallback: "embedded" });
      const output = await runTask(describeImage, { image, language: "German" }, context);
      expect(output.source).toBe("embedded");
      expect(output).not.toHaveProperty("model");
      expect(output.text).toContain("HARBOUR STREET BAKERY");
      expect(output.warnings[0]).toMatch(/^The model stand-in-vision failed, and this machine's own detections answer in its place: ./);
      expect(output.warnings.join("\n")).toContain("German needs a model");
    },
  );

  it("is not stood in for once the call was cancelled", async () => {
    const controller = new AbortController();
    const { context, server } = await start({ standIn: { mode: "silent" }, fallback: "embedded", signal: controller.signal });
    const asked = runTask(describeImage, { image }, context);
    asked.catch(() => {});
    await expect.poll(() => server.requests.length).toBe(1);
    const reason = new Error("the user left");
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });
});
