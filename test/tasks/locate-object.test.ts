import { type DetectedObject, locateObject, runTask, type TaskContext } from "@sightline/core";
import { imageSize } from "image-size";
import { existsSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { PHOTOS } from "../../bench/photos.ts";
import { CORPORA } from "../../bench/receipts.ts";
import { iou } from "../../packages/core/src/page.ts";
import { createInputReader } from "../../packages/local/src/input/read.ts";
import { type ChatRequest, pictureParts, textOf } from "../model/stand-in-rule.ts";
import { closeEyes, type ModelContextOptions, sample, startModelContext } from "./model-context.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
afterAll(closeEyes);

async function start(given?: ModelContextOptions) {
  const made = await startModelContext(given);
  open.push(() => made.close());
  return { ...made, bodies: () => made.server.requests.filter(({ method }) => method === "POST").map(({ body }) => body) };
}

const ASTRONAUT = sample("astronaut.png");
/** By eye, from head to the lower edge of the picture. */
const PERSON = { x: 20, y: 5, width: 360, height: 505 };

const isSecondLook = (request: ChatRequest): boolean => textOf(request).includes("Does it show this");
const sentSize = (request: ChatRequest | undefined) =>
  imageSize(Buffer.from(pictureParts(request).at(0)?.image_url.url.split(",")[1] ?? "", "base64"));

/** A model that writes `answer` when it is asked where, and `second` when it is shown a part alone. */
const boxing = (model: string, answer: string, second = "Yes."): ModelContextOptions => ({
  standIn: { model, mode: "verbatim", text: (request) => (isSecondLook(request) ? second : answer) },
});

/** Sees what it is told to, whatever the picture: cups in rows, as many as wanted. */
const cups = (count: number): TaskContext["detector"] => ({
  detect: () =>
    Promise.resolve({
      width: 512,
      height: 512,
      objects: Array.from({ length: count }, (_, index): DetectedObject => ({
        label: "cup",
        box: { x: (index % 10) * 50, y: Math.floor(index / 10) * 60, width: 40, height: 40 },
        confidence: 0.9 - index / 100,
      })),
    }),
});

describe("without a model", () => {
  const embedded = (parts?: Partial<TaskContext>) => start({ model: undefined, ...parts });

  it("finds a person by what they wear, and says what it cannot judge", async () => {
    const { context } = await embedded();
    const output = await runTask(
      locateObject,
      { image: ASTRONAUT, query: "Where is the smiling woman in the orange suit?", annotate: true },
      context,
    );
    expect(output).toMatchObject({ found: true, source: "embedded", objects: [{ label: "woman", method: "detector" }] });
    expect(iou(output.objects[0]?.box ?? PERSON, PERSON)).toBeGreaterThan(0.5);
    expect(output.warnings.join()).toMatch(/Not judged, as that needs a vision model: .*face \("smiling"\).*gender \("woman"\)/);
    expect(output.annotated).toMatch(/astronaut-located-\w+\.jpg$/);
    expect(locateObject.render(output)).toMatch(/^woman in the center \(\d+ %, by the detector, box x=/);
  });

  it("answers that it is not there, and why", async () => {
    const { context } = await embedded();
    const output = await runTask(locateObject, { image: ASTRONAUT, query: "a person in a green top" }, context);
    expect(output).toMatchObject({ found: false, objects: [], source: "embedded" });
    expect(output.warnings.join()).toContain("did not fit: green top");
    expect(locateObject.render(output)).toMatch(/^Not found\./);
  });

  it("tells things by their color", async () => {
    const { context } = await embedded();
    const ask = (query: string) => runTask(locateObject, { image: sample("chelsea.png"), query }, context);
    expect(await ask("a brown cat")).toMatchObject({ found: true, objects: [{ label: "cat" }], warnings: [] });
    expect(await ask("a green cat")).toMatchObject({ found: false, warnings: ["1 of the kind was seen that did not fit: green."] });
  });

  it("finds text by its words", async () => {
    const { context } = await embedded();
    const output = await runTask(locateObject, { image: sample("receipt.png"), query: 'the line that says "TOTAL GBP"' }, context);
    expect(output).toMatchObject({ found: true, objects: [{ label: "line", method: "text" }] });
    // Drawn at y 590, letters 24 pixels high, from x 40.
    expect(output.objects[0]?.box.y).toBeGreaterThan(550);
    expect(output.objects[0]?.box.y).toBeLessThan(600);
    const nothing = await runTask(locateObject, { image: sample("receipt.png"), query: "the sign that says EXIT" }, context);
    expect(nothing).toMatchObject({ found: false, objects: [] });
  });

  it("gives no more than were wanted, and says how many there are", async () => {
    const { context } = await embedded({ detector: cups(30) });
    const output = await runTask(locateObject, { image: ASTRONAUT, query: "two cups", max: 5 }, context);
    expect(output.objects).toHaveLength(5);
    expect(output.warnings).toEqual(["2 were asked for, 30 were found.", "30 match; the first 5 are given."]);
  });

  it("says what it needs for things it does not know", async () => {
    const { context } = await embedded();
    await expect(runTask(locateObject, { image: ASTRONAUT, query: "the kettle" }, context)).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringMatching(/cannot look for "the kettle"[\s\S]*ollama pull/),
    });
  });
});

const photos = path.join(CORPORA, "photos");
describe.skipIf(!existsSync(photos))("the photographs of the corpora", () => {
  it.each(PHOTOS.map(({ name, people }) => [name, people] as const))("everybody on %s is boxed, and nobody else", async (name, people) => {
    const { context } = await start({ model: undefined, input: createInputReader({ allow: [photos] }) });
    const { objects } = await runTask(locateObject, { image: path.join(photos, name), query: "person" }, context);
    expect(people.map((person) => objects.some(({ box }) => iou(box, person) >= 0.5))).toEqual(people.map(() => true));
    expect(objects).toHaveLength(people.length);
  });
});

describe("a model whose family draws boxes", () => {
  // The same box in each family's numbers: x 51, y 102, to x 410, y 461 of 512 x 512.
  const BOX = { x: 51, y: 102, width: 359, height: 359 };

  it.each([
    ["qwen3-vl:8b", '```json\n[{"bbox_2d": [100, 200, 800, 900], "label": "helmet"}]\n```'],
    ["qwen2.5vl:7b", '[{"bbox_2d": [50, 101, 403, 453], "label": "helmet"}]'],
    ["gemini-2.5-flash", '[{"box_2d": [200, 100, 900, 800], "label": "helmet"}]'],
    ["claude-sonnet-5", '[{"box": [51, 102, 410, 461], "label": "helmet"}]'],
    ["paligemma2", "<loc0205><loc0102><loc0922><loc0819> helmet"],
    ["deepseek-vl2", "<|ref|>helmet<|/ref|><|det|>[[100, 200, 799, 899]]<|/det|>"],
  ])("%s is asked in its own words and numbers, and looks at each box again", async (model, answer) => {
    const { context, bodies } = await start(boxing(model, answer));
    const output = await runTask(locateObject, { image: ASTRONAUT, query: "Where is the helmet in the picture?" }, context);
    expect(output).toMatchObject({ found: true, source: "model", model, objects: [{ method: "model boxes" }], warnings: [] });
    const box = output.objects[0]?.box ?? BOX;
    for (const side of ["x", "y", "width", "height"] as const) expect(Math.abs(box[side] - BOX[side])).toBeLessThanOrEqual(2);
    const [first, second] = bodies();
    expect(bodies()).toHaveLength(2);
    expect(textOf(first)).toContain("the helmet");
    expect(first).not.toHaveProperty("response_format");
    // The box and a margin around it.
    expect(Math.abs(sentSize(second).width - 464)).toBeLessThanOrEqual(2);
  });

  it("drops a box that it does not see it in when it looks again", async () => {
    const { context } = await start(boxing("qwen3-vl:8b", "[[100, 200, 800, 900], [0, 0, 100, 100]]", "No, it does not."));
    const output = await runTask(locateObject, { image: ASTRONAUT, query: "the kettle" }, context);
    expect(output).toMatchObject({ found: false, objects: [], warnings: [expect.stringContaining("2 of 2 boxes were dropped")] });
  });

  it("refuses boxes that cannot be", async () => {
    const { context } = await start(boxing("qwen3-vl:8b", "[[800, 200, 100, 900]]"));
    const output = await runTask(locateObject, { image: ASTRONAUT, query: "the kettle" }, context);
    expect(output).toMatchObject({ found: false, warnings: [expect.stringContaining("1 of the model's boxes could not be")] });
  });

  it("answers that there is none, and is told what the detector sees", async () => {
    const { context } = await start(boxing("qwen3-vl:8b", "[]"));
    const output = await runTask(locateObject, { image: ASTRONAUT, query: "a person" }, context);
    expect(output).toMatchObject({ found: false, warnings: [expect.stringContaining("own detector sees 1 that may be it")] });
  });

  it("is an AnswerError when no answer can be used", async () => {
    const { context } = await start(boxing("qwen3-vl:8b", "What a lovely portrait of somebody in space clothes."));
    await expect(runTask(locateObject, { image: ASTRONAUT, query: "the kettle" }, context)).rejects.toMatchObject({ kind: "AnswerError" });
  });

  it("is sent no more pixels than its server keeps, where it counts in them", async () => {
    const { context, bodies } = await start(boxing("claude-sonnet-5", "[]"));
    const large = await sharp({ create: { width: 3000, height: 2000, channels: 3, background: "#7799bb" } })
      .png()
      .toBuffer();
    await runTask(locateObject, { image: `data:image/png;base64,${large.toString("base64")}`, query: "the kettle" }, context);
    const { width, height } = sentSize(bodies()[0]);
    expect(width * height).toBeLessThanOrEqual(1568 * 750);
    expect(textOf(bodies()[0])).toContain(`${width} x ${height} pixels`);
  });

  it("is given the box of what it points at, where it only points", async () => {
    const { context } = await start(boxing("molmo-7b", '<point x="40.0" y="50.0" alt="woman">woman</point>'));
    const output = await runTask(locateObject, { image: ASTRONAUT, query: "the woman" }, context);
    expect(output).toMatchObject({ found: true, objects: [{ label: "woman" }] });
    expect(iou(output.objects[0]?.box ?? PERSON, PERSON)).toBeGreaterThan(0.5);
  });
});

describe("Llama 3.2 Vision, which cannot point", () => {
  const LLAMA = "llama3.2-vision:11b";
  const numbering = (answer: (request: ChatRequest) => string): ModelContextOptions => ({
    standIn: { model: LLAMA, mode: "verbatim", text: answer },
  });

  it("names the number of a mark on the picture", async () => {
    const { context, bodies } = await start(numbering(() => '{"numbers": [1]}'));
    const output = await runTask(locateObject, { image: ASTRONAUT, query: "the woman in the green suit" }, context);
    expect(output).toMatchObject({ found: true, source: "model", objects: [{ label: "woman", method: "marks" }] });
    expect(iou(output.objects[0]?.box ?? PERSON, PERSON)).toBeGreaterThan(0.5);
    expect(textOf(bodies()[0])).toContain("1: person in the center");
    expect(bodies()).toHaveLength(1);
    // The model may call it green; the eyes that saw orange say so.
    expect(output.warnings.join()).toContain("own eyes do not agree on it: they see something other than green suit");
  });

  it("is asked in pages where there are many, and its numbers are the page's", async () => {
    const { context, bodies } = await start({ ...numbering(() => "Number 2."), detector: cups(30) });
    const output = await runTask(locateObject, { image: ASTRONAUT, query: "the chipped cup" }, context);
    expect(bodies()).toHaveLength(3);
    expect(output.objects).toHaveLength(3);
    // Marks run from left to right.
    expect(output.objects[0]?.box.x).toBeLessThanOrEqual(output.objects[2]?.box.x ?? 0);
  });

  it.each(["None of the 4 cups is chipped.", "No.", "It isn't there.", '```json\n{"numbers": []}\n```'])(
    "chooses nothing when it says %j",
    async (answer) => {
      const { context, bodies } = await start({ ...numbering(() => answer), detector: cups(4) });
      expect(await runTask(locateObject, { image: ASTRONAUT, query: "the chipped cup" }, context)).toMatchObject({
        found: false,
        objects: [],
      });
      expect(bodies()).toHaveLength(1);
    },
  );

  it.each([
    "I see 4 cups.",
    "-1",
    "Not box 1 but box 2.",
    "I'm sorry, I cannot look at box 3.",
    '{"numbers": [0, 99]}',
    '{"numbers": [1.5]}',
  ])("is no answer when it says %j", async (answer) => {
    const { context } = await start({ ...numbering(() => answer), detector: cups(4) });
    const asked = runTask(locateObject, { image: ASTRONAUT, query: "the chipped cup" }, context);
    await expect(asked).rejects.toMatchObject({ kind: "AnswerError", raw: answer });
  });

  it("is asked again when it names a mark that is not there, and believed when it names none", async () => {
    const answers = ['{"numbers": [7]}', '{"numbers": []}'];
    const { context, bodies } = await start(numbering(() => answers.shift() ?? "none"));
    const output = await runTask(locateObject, { image: ASTRONAUT, query: "the man with the hat" }, context);
    expect(output).toMatchObject({ found: false, objects: [] });
    expect(textOf(bodies()[1])).toContain("There is no box 7: the numbers are 1 to 1.");
  });

  it("finds what no detector knows in a grid that is zoomed twice, and says how precise that is", async () => {
    const rule = (request: ChatRequest): string =>
      isSecondLook(request) ? "yes" : textOf(request).includes("grid") ? '{"cells": ["B2"]}' : '{"numbers": []}';
    const { context, bodies } = await start(numbering(rule));
    const output = await runTask(locateObject, { image: ASTRONAUT, query: "the name badge" }, context);
    expect(output).toMatchObject({ found: true, objects: [{ method: "grid" }] });
    expect(output.objects[0]).not.toHaveProperty("confidence");
    // Marks, three grids, a second look.
    expect(bodies()).toHaveLength(5);
    expect(output.warnings[0]).toMatch(/cells of a grid of (\d+) x (\d+) pixels/);
    const { box } = output.objects[0] ?? { box: PERSON };
    expect(box.width).toBeLessThan(512 / 4 / 2);
    // B2 of 4 x 3 cells is from x 128, y 171 to x 256, y 341; zooming keeps half a cell around.
    expect(box.x).toBeGreaterThan(64);
    expect(box.x + box.width).toBeLessThan(320);
  });

  it("gives no box for cells in which it does not see it when it looks again", async () => {
    const rule = (request: ChatRequest): string =>
      isSecondLook(request) ? "no" : textOf(request).includes("grid") ? '{"cells": ["A1"]}' : "none";
    const { context } = await start(numbering(rule));
    const output = await runTask(locateObject, { image: ASTRONAUT, query: "the kettle" }, context);
    expect(output).toMatchObject({ found: false, objects: [], warnings: [expect.stringContaining("no box is given")] });
  });
});

describe("what goes wrong", () => {
  it.each([
    ["an empty query", { query: "" }, "query"],
    ["blanks", { query: "   " }, "The query is empty"],
    ["a query that is a book", { query: "a dog ".repeat(2000) }, "query"],
    ["a query about nothing", { query: "How are you?" }, "names no thing"],
    ["no box wanted", { max: 0 }, "max must be at least 1"],
    ["a picture that is none", { image: `data:text/plain;base64,${Buffer.from("hello").toString("base64")}` }, "not a picture"],
    ["a damaged picture", { image: `data:image/png;base64,${Buffer.from("\u0089PNG\r\n\u001A\nrest", "latin1").toString("base64")}` }, ""],
  ])("%s is an InputError", async (_name, wrong, words) => {
    const { context } = await start({ model: undefined });
    await expect(runTask(locateObject, { image: ASTRONAUT, query: "a person", ...wrong }, context)).rejects.toMatchObject({
      kind: "InputError",
      message: expect.stringContaining(words),
    });
  });

  it("is answered by this machine's own eyes where that was asked for", async () => {
    const { context } = await start({ standIn: { mode: "server-error" }, fallback: "embedded" });
    const output = await runTask(locateObject, { image: ASTRONAUT, query: "a person" }, context);
    expect(output).toMatchObject({
      found: true,
      source: "embedded",
      warnings: [expect.stringMatching(/^The model stand-in-vision failed/)],
    });
    const strict = await start({ standIn: { mode: "server-error" } });
    await expect(runTask(locateObject, { image: ASTRONAUT, query: "a person" }, strict.context)).rejects.toMatchObject({
      kind: "ModelError",
    });
  });

  it("ends at once when it is cancelled", async () => {
    const controller = new AbortController();
    const { context, server } = await start({ standIn: { mode: "silent" }, fallback: "embedded", signal: controller.signal });
    const asked = runTask(locateObject, { image: ASTRONAUT, query: "a person" }, context);
    asked.catch(() => {});
    await expect.poll(() => server.requests.length).toBe(1);
    const reason = new Error("the user left");
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });
});
