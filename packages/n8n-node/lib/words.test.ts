import { describe, expect, it } from "vitest";
import { operations } from "../nodes/Sightline/generated/operations.ts";
import { type Failed, hintInN8nWords, inN8nWords } from "./words.ts";

const translating: Failed = { asked: "model", operations, operation: operations["text:translate"] };

describe("a failure in the words of the editor", () => {
  it("names the operation's fields by their labels, and lists none of them", () => {
    expect(inN8nWords("translate_text: language must have at least 2 characters; source_language is empty.", translating)).toBe(
      "Language must have at least 2 characters; Source Language is empty.",
    );
    expect(hintInN8nWords("translate_text takes text, language, source_language.", translating)).toBeUndefined();
  });

  it("names other operations as the list of actions does", () => {
    expect(hintInN8nWords("describe_image and extract_text work without one.", translating)).toBe(
      '"Describe an image" and "Extract text from a document" work without one.',
    );
  });

  it("names settings by where n8n has them; the server's own stay the server's", () => {
    expect(inN8nWords("Set --model (SIGHTLINE_MODEL).", translating)).toBe("Set the field Model.");
    expect(inN8nWords("Set --model (SIGHTLINE_MODEL).", { ...translating, asked: "server" })).toBe("Set --model (SIGHTLINE_MODEL).");
  });
});
