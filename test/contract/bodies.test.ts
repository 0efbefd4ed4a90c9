import { presets } from "@sightline/core";
import { expect, test } from "vitest";
import { question } from "./question.ts";
import { everywhere, type Row } from "./row.ts";
import { startStandIn } from "./subjects.ts";

/** The classic parameters, and a schema with all that is not portable: a limit, and a field that may be left out. */
const asked = {
  ...question,
  maxTokens: 512,
  temperature: 1,
  topP: 1,
  schema: {
    name: "scene",
    schema: {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      properties: { description: { type: "string", minLength: 1 }, mood: { type: "string" } },
      required: ["description"],
    },
  },
};

const row: Row = { name: "bodies", modes: everywhere("answer"), run: () => Promise.resolve() };

/**
 * The exact body of one question, each that there is once, under the names of those that send it. It is streamed; the classic call of NVIDIA's samples, in one
 * piece and in plain words, is in `test/model/nvidia.test.ts`.
 */
test("what each backend sends for the same question", async () => {
  const bodies = new Map<string, { readonly body: object; readonly backends: string[] }>();
  for (const preset of presets) {
    const server = await startStandIn(preset, row);
    try {
      await server.open().ask(asked);
      const body = server.chats[0]?.body ?? {};
      const text = JSON.stringify(body);
      const same = bodies.get(text) ?? { body, backends: [] };
      same.backends.push(preset.name);
      bodies.set(text, same);
    } finally {
      await server.close();
    }
  }
  expect(Object.fromEntries([...bodies.values()].map(({ body, backends }) => [backends.join(", "), body]))).toMatchSnapshot();
});
