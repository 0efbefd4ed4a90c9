import { fileURLToPath } from "node:url";
import { askImage, describeImage, runTask, type TaskContext } from "@sightline/core";
import { createHost, loadSettings } from "@sightline/local";
import { afterEach, describe, expect, it } from "vitest";
import { startStandInModel, type StandInModel, type StandInOptions } from "../model/stand-in-server.ts";
import { pictureParts, textOf } from "../model/stand-in-rule.ts";

const SAMPLES = fileURLToPath(new URL("../../examples/samples/", import.meta.url));
const sample = (name: string): string => `${SAMPLES}${name}`;

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A host of this machine with the stand-in as its model server. */
async function withModel(standIn: StandInOptions): Promise<{ model: StandInModel; context: TaskContext }> {
  const model = await startStandInModel(standIn);
  const host = createHost(await loadSettings({ flags: { allow: [SAMPLES], "base-url": model.baseUrl, model: model.model }, env: {} }));
  open.push(
    () => host.close(),
    () => model.close(),
  );
  return { model, context: await host.context({ signal: AbortSignal.timeout(60_000) }) };
}

describe("ask_image", () => {
  it("finds the answer's quotes on the pictures, and says which it does not find", async () => {
    const said = JSON.stringify({ answer: "The bakery took 21.05.", quotes: ["TOTAL GBP 21.05", "1.05", "GRAND TOTAL 99.99"] });
    const { context } = await withModel({ mode: "verbatim", text: said });
    const output = await runTask(askImage, { images: [sample("coffee.png"), sample("receipt.png")], question: "What was paid?" }, context);
    expect(output.answer).toBe("The bakery took 21.05.");
    const [total, part, invented] = output.quotes;
    expect(total).toMatchObject({ found: true, image: 2 });
    // Drawn at y 590, letters 24 pixels high, from x 40 to 600.
    expect(total?.box?.y).toBeGreaterThan(550);
    expect((total?.box?.y ?? 0) + (total?.box?.height ?? 0)).toBeLessThan(610);
    expect(total?.box?.width).toBeGreaterThan(500);
    expect(part).toEqual({ text: "1.05", found: false });
    expect(invented).toEqual({ text: "GRAND TOTAL 99.99", found: false });
    expect(output.warnings.join()).toContain("2 of 3 quotes");
  });

  it("puts several pictures on one numbered sheet for a model that takes one", async () => {
    const { context, model } = await withModel({ model: "llama3.2-vision:11b" });
    await runTask(
      askImage,
      { images: [sample("coffee.png"), sample("chelsea.png"), sample("astronaut.png")], question: "Which shows a cat?" },
      context,
    );
    const chat = model.requests.find((request) => request.path.endsWith("/chat/completions"));
    expect(pictureParts(chat?.body)).toHaveLength(1);
    expect(textOf(chat?.body)).toContain("a sheet of 3 pictures, numbered 1 to 3");
  });

  it("names the two quickest ways to a model when there is none", async () => {
    const host = createHost(await loadSettings({ flags: { allow: [SAMPLES], backend: "none" }, env: {} }));
    open.push(() => host.close());
    const context = await host.context({ signal: AbortSignal.timeout(60_000) });
    const asked = runTask(askImage, { images: [sample("coffee.png")], question: "What is it?" }, context);
    await expect(asked).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringMatching(/ollama pull[\s\S]*SIGHTLINE_BASE_URL/),
    });
  });
});

describe("describe_image", () => {
  it("takes a model's prose for a description, and keeps the kind this machine saw", async () => {
    const prose = "A receipt from a bakery lies flat, printed in black on white paper.";
    const { context } = await withModel({ mode: "verbatim", text: prose });
    const output = await runTask(describeImage, { image: sample("receipt.png") }, context);
    expect(output).toMatchObject({ description: prose, alt_text: prose, kind: "receipt", source: "model" });
    expect(output.text).toContain("HARBOUR STREET BAKERY");
  });

  it("says what it did not judge without a model", async () => {
    const host = createHost(await loadSettings({ flags: { allow: [SAMPLES], backend: "none" }, env: {} }));
    open.push(() => host.close());
    const context = await host.context({ signal: AbortSignal.timeout(60_000) });
    const output = await runTask(describeImage, { image: sample("chelsea.png"), focus: "the whiskers", language: "German" }, context);
    expect(output.source).toBe("embedded");
    expect(output.warnings.join("\n")).toMatch(/No model was used[\s\S]*focus was not judged[\s\S]*German needs a model/);
  });
});
