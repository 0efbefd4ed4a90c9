import { describe, expect, test } from "vitest";
import { hasPublishedSchemas, publishedSchema, type PublishedDocument, schemaProblems } from "./published-schemas.ts";

/** The helper itself: a schema that lets everything through would prove nothing. */
describe.skipIf(!hasPublishedSchemas())("published API documents", () => {
  const message = { role: "user", content: "What is on the picture?" };

  test.each([
    ["ollama", "/api/chat"],
    ["openai", "/chat/completions"],
    ["ogx", "/v1/chat/completions"],
  ] satisfies [PublishedDocument, string][])("%s takes a chat, and no chat without a model or messages", (document, route) => {
    const validate = publishedSchema(document, route, "post");
    expect(schemaProblems(validate, { model: "any", messages: [message] })).toEqual([]);
    expect(schemaProblems(validate, { messages: [message] }).join()).toContain("model");
    expect(schemaProblems(validate, { model: "any" }).join()).toContain("messages");
    expect(schemaProblems(validate, { model: "any", messages: [{ role: "nobody", content: "?" }] })).not.toEqual([]);
    expect(schemaProblems(validate, { model: 1, messages: [message] })).not.toEqual([]);
  });

  test("a request that is not in the document", () => {
    expect(() => publishedSchema("ollama", "/api/nothing", "post")).toThrow("POST /api/nothing");
  });
});
