import { classifyImage, runTask } from "@sightline/core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { textOf } from "../model/stand-in-rule.ts";
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

const image = sample("chelsea.png");
const saying = (text: string): ModelContextOptions => ({ standIn: { mode: "verbatim", text } });

describe("with a model", () => {
  it("gives the caller's own spelling of the label that was chosen", async () => {
    const { context, bodies } = await start(saying('{"label": " tabby CAT ", "reason": "stripes and whiskers"}'));
    const output = await runTask(classifyImage, { image, labels: ["Tabby cat", "Siamese cat"] }, context);
    expect(output).toMatchObject({ label: "Tabby cat", labels: [{ label: "Tabby cat", reason: "stripes and whiskers" }], source: "model" });
    expect(textOf(bodies()[0])).toContain('Labels: ["Tabby cat","Siamese cat"]');
  });

  it("gives several, each once", async () => {
    const reply = { labels: ["indoors", "tabby", "indoors"].map((label) => ({ label, reason: "seen" })) };
    const { context } = await start(saying(JSON.stringify(reply)));
    const output = await runTask(classifyImage, { image, labels: ["tabby", "indoors", "outdoors"], multiple: true }, context);
    expect(output.labels.map(({ label }) => label)).toEqual(["indoors", "tabby"]);
  });

  it("says that none fits", async () => {
    const { context } = await start(saying('{"label": null, "reason": "a cat"}'));
    const output = await runTask(classifyImage, { image, labels: ["kettle", "teapot"] }, context);
    expect(output).toMatchObject({ label: null, labels: [] });
    expect(classifyImage.render(output)).toBe("No label fits.");
  });

  it("never gives another word", async () => {
    const { context } = await start(saying('{"label": "lynx", "reason": "ears"}'));
    await expect(runTask(classifyImage, { image, labels: ["tabby", "siamese"] }, context)).rejects.toMatchObject({ kind: "AnswerError" });
  });
});

describe("without a model", () => {
  it("judges kinds of things by what the detector sees", async () => {
    const { context } = await start({ model: undefined });
    const output = await runTask(classifyImage, { image, labels: ["dog", "Cats", "car"] }, context);
    expect(output).toMatchObject({
      label: "Cats",
      labels: [{ reason: expect.stringMatching(/^the detector sees a cat \(\d+ %/) }],
      source: "embedded",
    });
    const none = await runTask(classifyImage, { image, labels: ["airplane", "car"] }, context);
    expect(none).toMatchObject({ label: null, labels: [] });
  });

  it("judges kinds of pictures by their pixels and text", async () => {
    const { context } = await start({ model: undefined });
    const output = await runTask(classifyImage, { image: sample("receipt.png"), labels: ["photo", "receipt", "chart"] }, context);
    expect(output).toMatchObject({ label: "receipt", source: "embedded" });
  });

  it.each([[["tabby", "siamese"]], [["cat", "kitten"]], [["cat", "receipt"]]])("says what it needs for %j", async (labels) => {
    const { context } = await start({ model: undefined });
    await expect(runTask(classifyImage, { image, labels }, context)).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringMatching(/needs a vision model[\s\S]*ollama pull/),
    });
  });

  it.each([
    ["one label", ["cat"], "labels"],
    ["the same twice", ["cat", " CAT"], "two of them are the same"],
    ["an empty one", ["cat", " "], "labels"],
  ])("%s is an InputError", async (_name, labels, words) => {
    const { context } = await start({ model: undefined });
    await expect(runTask(classifyImage, { image, labels }, context)).rejects.toMatchObject({
      kind: "InputError",
      message: expect.stringContaining(words),
    });
  });
});
