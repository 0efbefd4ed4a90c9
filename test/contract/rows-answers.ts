import { expect } from "vitest";
import { everywhere, inWords, type Row } from "./row.ts";
import { inJson, question, watched } from "./question.ts";

const reason = new Error("the user left");

/** Answers that are less than an answer, and questions that are given up. */
export const answerRows: readonly Row[] = [
  {
    name: "cut by length",
    modes: everywhere("cut-off"),
    real: "seeing",
    async run(server) {
      const answer = await server.open().ask({ ...inJson, maxTokens: 3 });
      expect(answer.finish).toBe("length");
      expect(answer.text).not.toBe("");
    },
  },
  {
    name: "empty",
    modes: everywhere("empty"),
    async run(server) {
      expect(await server.open().ask(question)).toMatchObject({ text: "", finish: "stop" });
    },
  },
  {
    name: "thinking only",
    modes: everywhere("thinking-cut-off"),
    async run(server) {
      const { answer, grown } = await watched(server.open(), question);
      expect(answer).toMatchObject({ text: "", finish: "length" });
      expect(grown.join("")).toBe("");
    },
  },
  {
    name: "thinking before the answer",
    modes: everywhere("thinks-aloud"),
    async run(server) {
      const { answer, grown } = await watched(server.open(), question);
      expect(answer.text).toMatch(/^The stand-in model was sent 1 picture/);
      expect(grown.join("")).not.toContain("What is on it?");
    },
  },
  {
    name: "cancelled before the first byte",
    modes: everywhere("silent"),
    async run(server) {
      const controller = new AbortController();
      const asking = server
        .open()
        .ask(question, { signal: controller.signal })
        .catch((error: unknown) => error);
      await expect.poll(() => server.chats.length).toBe(1);
      controller.abort(reason);
      expect(await asking).toBe(reason);
      await server.expectLeft();
    },
  },
  {
    name: "cancelled in mid-answer",
    modes: everywhere("stalls"),
    real: "seeing",
    async run(server) {
      const controller = new AbortController();
      const asking = server.open().ask(inJson, { signal: controller.signal, onText: () => controller.abort(reason) });
      await expect(asking).rejects.toBe(reason);
      await server.expectLeft();
      expect(server.chats).toHaveLength(1);
    },
  },
  {
    name: "cancelled before it was asked",
    modes: inWords("answer", "answer"),
    async run(server) {
      await expect(server.open().ask(question, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      expect(server.chats).toEqual([]);
    },
  },
];
