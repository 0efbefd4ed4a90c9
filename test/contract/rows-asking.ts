import { portableWords } from "./wire.ts";
import { expect } from "vitest";
import { everywhere, inWords, type Row, wireOf } from "./row.ts";
import { expectDescription, expectScene, failure, inJson, described, question, watched } from "./question.ts";

const byRule = everywhere("answer");

/** What is asked, and what comes back when all is well. */
export const askingRows: readonly Row[] = [
  {
    name: "text alone",
    modes: byRule,
    real: "seeing",
    async run(server) {
      const answer = await server.open().ask({ ...question, images: [] });
      expect(answer.text).not.toBe("");
      server.expectSeen(0, answer, answer);
      expect(answer.finish).toBe("stop");
      expect(server.chats).toHaveLength(1);
    },
  },
  {
    name: "one picture",
    modes: byRule,
    real: "seeing",
    async run(server) {
      const model = server.open();
      const answer = await model.ask(question);
      server.expectSeen(1, answer, await model.ask({ ...question, images: [] }));
    },
  },
  {
    name: "as many pictures as it takes, and not one more",
    modes: byRule,
    real: "seeing",
    async run(server) {
      const model = server.open({ contextTokens: 32_768 });
      const { maxImages } = model.abilities;
      const pictures = (count: number) => question.images.concat(Array.from({ length: count - 1 }, () => question.images[0]!));
      const answer = await model.ask({ ...question, images: pictures(maxImages) });
      server.expectSeen(maxImages, answer, await model.ask({ ...question, images: [] }));
      const sent = server.chats.length;
      const refused = await failure(model.ask({ ...question, images: pictures(maxImages + 1) }));
      expect(refused).toMatchObject({ kind: "InputError", message: expect.stringContaining(`at most ${maxImages}.`) as string });
      expect(server.chats).toHaveLength(sent);
    },
  },
  {
    name: "JSON by a schema",
    modes: byRule,
    real: "seeing",
    async run(server) {
      expectScene(await server.open().ask(inJson));
      const [{ body } = { body: {} }] = server.chats;
      const { mode, words } = portableWords(server.preset, body);
      expect(words).toContain("JSON Schema");
      if (server.preset.quirks.includes("schema-in-prompt")) expect(mode).toBeUndefined();
      else expect(mode).toMatchObject({ type: "object", required: ["kind", "people"], additionalProperties: false });
    },
  },
  {
    name: "JSON where the schema mode is refused",
    modes: ({ quirks }) => (quirks.includes("schema-in-prompt") ? {} : inWords("no-schema", "no-grammar")),
    otherwise: "no schema mode",
    async run(server) {
      const model = server.open();
      expectDescription(await model.ask(described));
      expect(server.chats).toHaveLength(2);
      expectDescription(await model.ask(described));
      // Remembered: the next question costs one request again.
      expect(server.chats).toHaveLength(3);
      expect(portableWords(server.preset, server.chats[2]?.body ?? {})).toMatchObject({ mode: undefined });
    },
  },
  {
    name: "streaming",
    modes: byRule,
    real: "seeing",
    async run(server) {
      const { answer, grown } = await watched(server.open(), inJson);
      expect(grown.length).toBeGreaterThan(2);
      for (const [at, text] of grown.entries()) expect(text.startsWith(grown[at - 1] ?? "")).toBe(true);
      expect(grown.at(-1)).toBe(answer.text);
      expect(server.chats[0]?.body).toMatchObject({ stream: true });
    },
  },
  {
    name: "in one piece",
    modes: byRule,
    real: "seeing",
    async run(server) {
      const { answer, grown } = await watched(server.open(), { ...inJson, stream: false });
      expectScene(answer);
      expect(grown).toEqual([answer.text]);
      expect(server.chats[0]?.body).toMatchObject({ stream: false });
      expect(server.chats[0]?.body).not.toHaveProperty("stream_options");
    },
  },
  {
    name: "usage",
    modes: byRule,
    real: "seeing",
    async run(server) {
      const model = server.open();
      for (const stream of [true, false]) {
        const { usage } = await model.ask({ ...inJson, stream });
        expect(usage?.inputTokens).toBeGreaterThan(0);
        expect(usage?.outputTokens).toBeGreaterThan(0);
      }
    },
  },
  {
    name: "max tokens, temperature, top p",
    modes: byRule,
    real: "seeing",
    async run(server) {
      await server.open().ask({ ...inJson, maxTokens: 512, temperature: 1, topP: 0.9 });
      const body = server.chats[0]?.body;
      const longest = server.preset.quirks.includes("max-completion-tokens") ? "max_completion_tokens" : "max_tokens";
      if (wireOf(server.preset) === "ollama")
        expect(body).toMatchObject({ options: { num_predict: 512, temperature: 1, top_p: 0.9, num_ctx: 8192 }, think: false });
      else expect(body).toMatchObject({ [longest]: 512, temperature: 1, top_p: 0.9 });
    },
  },
];
