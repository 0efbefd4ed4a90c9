import { afterAll, describe, expect, it } from "vitest";
import { askImage, describeImage, runTask, SetupError } from "@sightline/core";
import { closeEyes, sample, startModelContext } from "./model-context.ts";

/** A host that has a model and no eyes of its own, as n8n is. */

afterAll(closeEyes);

const missing = (): Promise<never> => Promise.reject(new SetupError("this host has no eyes"));
const NO_EYES = { eyes: "none", text: { recognize: missing }, detector: { detect: missing }, pictures: { look: missing } } as const;

describe("without eyes of its own", () => {
  it("describe_image gives the model's words and says what was not looked for", async () => {
    const { context, close } = await startModelContext(NO_EYES);
    const output = await runTask(describeImage, { image: sample("coffee.png"), annotate: true }, context);
    await close();
    expect(output).toMatchObject({ source: "model", width: 600, height: 400, description: expect.stringContaining("sent 1 picture") });
    expect(Object.keys(output)).not.toEqual(expect.arrayContaining(["objects"]));
    expect(output.warnings).toEqual([expect.stringContaining("not looked for"), expect.stringContaining("No annotated copy")]);
    expect(describeImage.render(output)).toContain("not looked for");
  });

  it("describe_image needs a model", async () => {
    const { context, close } = await startModelContext({ ...NO_EYES, model: undefined });
    await expect(runTask(describeImage, { image: sample("coffee.png") }, context)).rejects.toBeInstanceOf(SetupError);
    await close();
  });

  it("ask_image gives what it quotes as not looked up", async () => {
    const text = JSON.stringify({ answer: "It says COFFEE.", quotes: ["COFFEE"] });
    const { context, close } = await startModelContext({ ...NO_EYES, standIn: { mode: "verbatim", text } });
    const output = await runTask(askImage, { images: [sample("coffee.png")], question: "What does it say?" }, context);
    await close();
    expect(output.quotes).toEqual([{ text: "COFFEE" }]);
    expect(output.warnings).toEqual([expect.stringContaining("not looked up")]);
    expect(askImage.render(output)).toContain('[Not looked up: "COFFEE"]');
  });
});
