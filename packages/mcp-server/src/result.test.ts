import { AnswerError, extractText, InputError } from "@sightline/core";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { toErrorResult, toResult, type Answer } from "./result.ts";

type Extracted = ReturnType<typeof extractText.output.parse>;

function answerOf(output: Extracted): Answer & { readonly saved: string[] } {
  const saved: string[] = [];
  return {
    output,
    render: (shown) => extractText.render(shown as Extracted),
    async saveWhole(json) {
      saved.push(json);
      return "/cache/extract_text.json";
    },
    saved,
  };
}

function page(lines: number): Extracted["pages"][number] {
  const box = { x: 1234, y: 2345, width: 1234, height: 56 };
  return {
    number: 1,
    width: 4000,
    height: 6000,
    source: "ocr",
    lines: Array.from({ length: lines }, (_, index) => ({ text: `line ${index}`, box, confidence: 0.987, source: "ocr" as const })),
  };
}

const textOf = (result: Awaited<ReturnType<typeof toResult>>): string => (result.content[0] as { text: string }).text;

describe("toResult", () => {
  it("hands a small answer over whole, once as data and once as text", async () => {
    const answer = answerOf({ text: "TOTAL 9.00", pages: [page(1)], warnings: [] });
    const result = await toResult(answer);
    expect(result.structuredContent).toEqual(answer.output);
    expect(textOf(result)).toBe(extractText.render(answer.output as Extracted));
    expect(answer.saved).toEqual([]);
  });

  it.each([
    ["much evidence", { text: "short", pages: [page(5_000)], warnings: ["one already"] }],
    ["much text", { text: "wörter \n".repeat(40_000), pages: [page(0)], warnings: ["one already"] }],
    ["much of both, in Chinese", { text: "以下内容为图片中的文字。\n".repeat(6_000), pages: [page(5_000)], warnings: ["one already"] }],
  ])("keeps %s within what hosts take, says what was cut and where the whole lies", async (_, output: Extracted) => {
    const answer = answerOf(output);
    const result = await toResult(answer);
    const data = extractText.output.parse(result.structuredContent);
    for (const part of [JSON.stringify(data), textOf(result)]) {
      expect(part.length).toBeLessThan(50_000);
      expect(countTokens(part)).toBeLessThan(25_000);
    }
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(1_000_000);
    expect(data.warnings).toEqual(["one already", expect.stringMatching(/\d+ of \d+ (entries|characters).*\/cache\/extract_text\.json/)]);
    expect(answer.saved.map((json) => JSON.parse(json))).toEqual([output]);
  });
});

describe("toErrorResult", () => {
  const text = (error: unknown): string => (toErrorResult(error).content[0] as { text: string }).text;

  it("says who must act, what failed and what to do next", () => {
    expect(toErrorResult(new InputError("cat.png does not exist.", { hint: "Check the path." }))).toEqual({
      isError: true,
      content: [{ type: "text", text: "InputError: cat.png does not exist.\nCheck the path." }],
    });
  });

  it("leaves out the model's raw words, and names a defect as ours", () => {
    expect(text(new AnswerError("The model's answer was cut off.", { raw: "I see a ca" }))).toBe(
      "AnswerError: The model's answer was cut off.",
    );
    expect(text(new TypeError("x is undefined"))).toMatch(/^Internal error: x is undefined\n.*defect/);
  });
});
