import { askImage, runTask } from "@sightline/core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { writePdf } from "../documents/write-pdf.ts";
import { pictureParts, textOf } from "../model/stand-in-rule.ts";
import { closeEyes, sample, startModelContext, type ModelContextOptions } from "./model-context.ts";

/** Questions about documents: pages as text and pictures to the model, its quotes looked up on them. */

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
afterAll(closeEyes);

const lease = (): Promise<Uint8Array> =>
  writePdf(
    (pdf) => {
      pdf.text("Lease agreement between Mill House Ltd and Ada Brook");
      pdf.addPage().text("The rent is 840 pounds a month.");
      pdf.text("Notice period: three months to the end of a quarter.");
      pdf
        .addPage()
        .fontSize(6)
        .text(`Signed at Leeds on 2 May 2026. ${"A chair, a table, a lamp, a shelf. ".repeat(60)}`);
    },
    { size: "A5" },
  );

async function ask(question: string, given: ModelContextOptions, input: Readonly<Record<string, unknown>> = {}) {
  const made = await startModelContext(given);
  open.push(() => made.close());
  const document = `data:application/pdf;name=lease.pdf;base64,${Buffer.from(await lease()).toString("base64")}`;
  const output = await runTask(askImage, { images: [document], question, ...input }, made.context);
  return { output, bodies: made.server.requests.filter(({ method }) => method === "POST").map(({ body }) => body) };
}

const reply = JSON.stringify({ answer: "Three months.", quotes: ["Notice period: three months", "four weeks"] });
const NO_MODEL = { model: undefined, textModel: undefined };

describe("ask_image about a document", () => {
  it("answers with quotes, pages and boxes, and says what does not stand there", async () => {
    const { output, bodies } = await ask("How long is the notice period?", { standIn: { mode: "verbatim", text: reply } });
    expect(output).toMatchObject({
      answer: "Three months.",
      source: "model",
      quotes: [
        { text: "Notice period: three months", found: true, image: 1, page: 2, box: { x: expect.any(Number) } },
        { text: "four weeks", found: false },
      ],
    });
    const words = askImage.render(output);
    expect(words).toContain("file 1, page 2, box");
    expect(words).toContain('[Not found: "four weeks"]');
    // The page that matches best comes first, as text within the fence and as a picture.
    expect(textOf(bodies[0])).toMatch(/<<<(TEXT-\w+)\nPage 2:\n[\s\S]*Page 1:\n[\s\S]*\n\1>>>/);
    expect(pictureParts(bodies[0]).length).toBeGreaterThan(0);
  });

  it("asks about the pages that match best where the model's context does not hold all, and says so", async () => {
    const { output, bodies } = await ask("How long is the notice period?", {
      standIn: { mode: "verbatim", text: reply },
      options: { contextTokens: 2_600 },
    });
    expect(bodies).toHaveLength(1);
    expect(textOf(bodies[0])).toContain("Notice period");
    expect(textOf(bodies[0])).not.toContain("A chair");
    expect(output.warnings.join("\n")).toContain("2 of 3 pages were asked about");
  });

  it("reads the wanted pages alone", async () => {
    const { output } = await ask("How long is the notice period?", { standIn: { mode: "verbatim", text: reply } }, { pages: "1,3" });
    expect(output.quotes.every(({ found }) => !found)).toBe(true);
  });

  it("shows without a model the lines that match best, and calls them nothing else", async () => {
    const { output } = await ask("How long is the notice period?", NO_MODEL);
    expect(output).toMatchObject({
      source: "embedded",
      quotes: [{ found: true, page: 2, text: expect.stringContaining("Notice period: three months") }],
    });
    expect(output.answer).toMatch(/No model is set up to answer\. .*match/);
    expect(output.warnings.join("\n")).toContain("that they answer it is not said");
    expect(output).not.toHaveProperty("model");
  });

  it("says what to set up where no line matches either", async () => {
    await expect(ask("Which colour has the door?", NO_MODEL)).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringContaining("ollama pull"),
    });
  });

  it.each(["server-error", "empty"] as const)(
    "shows the lines that match where the model fails (%s) and this machine's own eyes may answer",
    async (mode) => {
      const failing: ModelContextOptions = { standIn: { mode }, fallback: "embedded" };
      const { output } = await ask("How long is the notice period?", failing);
      expect(output).toMatchObject({
        source: "embedded",
        answer: expect.stringMatching(/^stand-in-vision did not answer\. .*match/),
        quotes: [{ found: true, page: 2, text: expect.stringContaining("Notice period: three months") }],
      });
      expect(output.warnings.join("\n")).toMatch(
        /The model stand-in-vision failed, .* in its place: [\s\S]*that they answer it is not said/,
      );
      expect(output.warnings.join("\n")).not.toContain("ollama pull");
      expect(output).not.toHaveProperty("model");
      // Nothing matches: there is nothing to show in its place.
      await expect(ask("Which colour has the door?", failing)).rejects.toMatchObject({
        kind: mode === "empty" ? "AnswerError" : "ModelError",
      });
    },
  );

  it("fails with the model where nobody asked for another answer", async () => {
    await expect(ask("How long is the notice period?", { standIn: { mode: "server-error" } })).rejects.toMatchObject({
      kind: "ModelError",
    });
  });

  it("has no pages to choose from in a picture", async () => {
    await expect(ask("Why?", NO_MODEL, { images: [sample("coffee.png")], pages: "1" })).rejects.toMatchObject({ kind: "InputError" });
  });
});
