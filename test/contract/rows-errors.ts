import type { Preset } from "@sightline/core";
import { expect } from "vitest";
import { MISSING_WORDS } from "../model/stand-in-modes.ts";
import type { StandInMode } from "../model/stand-in-server.ts";
import { failsOnce, failure, question } from "./question.ts";
import { everywhere, inWords, type Modes, type Row, wireOf } from "./row.ts";
import { WRONG_KEY } from "./subjects.ts";

/** Whatever any server says, one that nothing is known of may say. */
const ANY = "openai-compatible";

const saying = (text: string): string => expect.stringContaining(text) as string;
const matching = (pattern: RegExp): string => expect.stringMatching(pattern) as string;

/** A mode for the presets that are named, and another for the rest. */
function byName(own: Readonly<Record<string, StandInMode>>, rest: Modes): (preset: Preset) => Modes {
  return ({ name }) => {
    const mode = own[name];
    return mode === undefined ? rest : inWords(mode);
  };
}

/** What servers refuse, and how they fail: each in its own words, and told to whoever must act. */
export const errorRows: readonly Row[] = [
  {
    name: "a picture that is none",
    modes: everywhere("answer"),
    real: "seeing",
    async run(server) {
      const images = question.images.map((image) => ({ ...image, bytes: Buffer.from("no picture") }));
      expect(await failsOnce(server, { ...question, images })).toMatchObject({
        kind: "ModelError",
        status: 400,
        message: matching(/image|picture/i),
      });
    },
  },
  {
    name: "too long, known before: nothing is sent",
    modes: everywhere("answer"),
    async run(server) {
      const model = server.open({ contextTokens: 2048 });
      const failed = await failure(model.ask({ ...question, prompt: "word ".repeat(4_000) }));
      expect(failed).toMatchObject({ kind: "ModelError", message: matching(/about \d{4} tokens .*holds 2048/s) });
      expect(server.chats).toEqual([]);
    },
  },
  {
    name: "too long, with the server's numbers",
    modes: byName(
      {
        vllm: "overflow-vllm",
        nim: "overflow-vllm",
        nvidia: "overflow-vllm",
        llamacpp: "overflow-llama",
        anthropic: "overflow-anthropic",
        gemini: "overflow-gemini",
        sglang: "overflow-sglang",
        lmstudio: "overflow-lmstudio",
      },
      inWords("overflow-openai", "overflow"),
    ),
    real: "seeing",
    async run(server) {
      expect(await failsOnce(server, { ...question, prompt: "word ".repeat(1_000) })).toMatchObject({
        kind: "ModelError",
        status: 400,
        message: matching(/takes \d{4} tokens and the context holds \d{4}/),
      });
    },
  },
  {
    name: "too long, LM Studio of 2026",
    modes: inWords("overflow-lmstudio-2026"),
    only: ["lmstudio", ANY],
    async run(server) {
      expect(await failsOnce(server)).toMatchObject({ message: saying("takes 5300 tokens and the context holds 4096") });
    },
  },
  {
    name: "no vision",
    modes: byName(
      { vllm: "not-multimodal", sglang: "not-multimodal", openrouter: "no-vision-openrouter" },
      inWords("no-projector", "answer"),
    ),
    only: ["ollama", "lmstudio", "vllm", "llamacpp", "sglang", "openrouter", ANY],
    otherwise: "words unknown",
    real: "blind",
    async run(server) {
      const model = server.open(wireOf(server.preset) === "ollama" ? { model: "llama3.2:3b" } : {});
      const failed = await failure(model.ask(question));
      expect(failed).toMatchObject({ kind: "SetupError", message: saying("takes no pictures"), hint: saying("--model") });
      expect(server.chats).toHaveLength(1);
    },
  },
  {
    name: "at most 0 images",
    modes: inWords("no-images"),
    only: ["vllm", ANY],
    async run(server) {
      expect(await failsOnce(server)).toMatchObject({ kind: "SetupError", message: saying("takes no pictures") });
    },
  },
  {
    name: "at most N images, though the operator says more",
    modes: { "openai-compatible": "one-image", nvidia: "answer", ollama: "one-image" },
    only: ["nvidia", "ollama", "vllm", "nim", ANY],
    async run(server) {
      const [image] = question.images;
      const failed = await failure(server.open({ maxImages: 4 }).ask({ ...question, images: [image!, image!] }));
      expect(failed).toMatchObject({ kind: "ModelError", message: saying("at most 1 picture"), hint: saying("--max-images 1") });
    },
  },
  {
    name: "model not found: the ones there are",
    // llama-server has one model and does not look at the name.
    modes: ({ name }) => (name === "llamacpp" ? {} : everywhere("answer")),
    otherwise: "any name will do",
    async run(server) {
      const failed = await failure(server.open({ model: "no-such-model" }).ask(question));
      expect(failed).toMatchObject({ kind: "SetupError", message: saying("no model no-such-model") });
      expect(failed.hint).toMatch(/stand-in-vision|gemma4:latest|google\/gemma-4-31b-it/);
    },
  },
  {
    name: "401, a wrong key or none",
    modes: everywhere("answer"),
    real: "seeing",
    async run(server) {
      for (const apiKey of [WRONG_KEY, undefined]) {
        const failed = await failure(server.open({ apiKey }).ask(question));
        expect(failed).toMatchObject({ kind: "SetupError", hint: saying("SIGHTLINE_API_KEY") });
        expect(failed.message).toContain(apiKey === undefined ? "wants an API key" : "refused the API key");
      }
    },
  },
  {
    name: "402, no credit",
    modes: inWords("no-credit"),
    only: ["nvidia", "openrouter", "together", ANY],
    async run(server) {
      expect(await failsOnce(server)).toMatchObject({ kind: "SetupError", hint: saying("credit") });
    },
  },
  {
    name: "403",
    modes: everywhere("forbidden"),
    async run(server) {
      expect(await failsOnce(server)).toMatchObject({ kind: "SetupError", message: saying("HTTP 403") });
    },
  },
  {
    name: "410, end of life",
    modes: inWords("retired"),
    only: ["nvidia", ANY],
    async run(server) {
      const failed = await failsOnce(server);
      expect(failed).toMatchObject({ kind: "SetupError", message: saying("end of life") });
      expect(failed.hint).toMatch(/It lists: /);
    },
  },
  {
    name: "413, in a gateway's HTML",
    modes: everywhere("too-large"),
    async run(server) {
      expect(await failsOnce(server)).toMatchObject({ kind: "ModelError", status: 413, message: saying("too large"), retryable: false });
    },
  },
  {
    name: "429: waits as long as it is asked to",
    modes: {
      "openai-compatible": ["wait-2", "answer"],
      nvidia: ["wait-2", "answer"],
      ollama: ["wait-2", "answer"],
    },
    async run(server) {
      const waits: string[] = [];
      const answer = await server.open().ask(question, { onWait: (message) => waits.push(message) });
      server.expectSeen(1, answer, answer);
      expect(server.clock.slept).toContain(2_000);
      expect(waits).toEqual([saying("asks to wait 2 s")]);
      expect(server.chats).toHaveLength(2);
    },
  },
  {
    name: "429: hours are handed back",
    modes: { "openai-compatible": "rate-limited-long", nvidia: "too-many", ollama: "wait-long" },
    async run(server) {
      expect(await failsOnce(server)).toMatchObject({ kind: "ModelError", status: 429, retryable: true, retryAfterSeconds: 7200 });
    },
  },
  {
    name: "503 that passes",
    modes: {
      "openai-compatible": ["overloaded", "overloaded", "answer"],
      nvidia: ["overloaded", "overloaded", "answer"],
      ollama: ["busy", "busy", "answer"],
    },
    async run(server) {
      const answer = await server.open().ask(question);
      server.expectSeen(1, answer, answer);
      expect(server.chats).toHaveLength(3);
    },
  },
  {
    name: "503 while the model loads",
    modes: { "openai-compatible": ["loading", "loading", "loading", "loading", "loading", "loading", "loading", "answer"] },
    only: ["llamacpp", ANY],
    async run(server) {
      const waits: string[] = [];
      const answer = await server.open().ask(question, { onWait: (message) => waits.push(message) });
      server.expectSeen(1, answer, answer);
      // More often than any other failure is tried again.
      expect(waits).toHaveLength(7);
      expect(waits[0]).toContain("is loading the model");
    },
  },
  {
    name: "500 for good: asked once",
    modes: { "openai-compatible": "server-error", nvidia: "server-error", ollama: "crash" },
    async run(server) {
      const failed = await failsOnce(server);
      expect(failed).toMatchObject({ kind: "ModelError", status: 500, retryable: false });
      expect(failed.message).toMatch(/out of memory|Inference error|unexpectedly stopped/);
    },
  },
  {
    name: "unknown architecture 'mllama'",
    modes: inWords("mllama", "mllama-in-json"),
    only: ["ollama", "lmstudio", "llamacpp", ANY],
    async run(server) {
      const failed = await failsOnce(server);
      expect(failed).toMatchObject({ kind: "SetupError", message: saying("Llama 3.2 Vision no longer runs on Ollama since 0.30") });
      for (const way of ["gemma4", "Ollama 0.24", "vLLM 0.10.2", "SGLang", "NVIDIA"]) expect(failed.hint).toContain(way);
    },
  },
  {
    name: "supported in vLLM until v0.10.2",
    modes: inWords("vllm-without-mllama"),
    only: ["vllm", ANY],
    async run(server) {
      expect(await failsOnce(server)).toMatchObject({ kind: "SetupError", hint: saying("vllm<=0.10.2") });
    },
  },
  {
    name: "200 with an error body",
    modes: inWords("error-200"),
    only: ["openrouter", ANY],
    async run(server) {
      expect(await failsOnce(server)).toMatchObject({ kind: "ModelError", status: 429, message: saying("Rate limit exceeded") });
    },
  },
  {
    name: "an error in mid-stream",
    modes: inWords("stream-error", "error-in-stream"),
    async run(server) {
      const failed = await failsOnce(server);
      expect(failed.kind).toBe("ModelError");
      expect(failed.message).toMatch(/Provider returned error|unexpected EOF/);
    },
  },
  {
    name: "a stream that just ends",
    modes: everywhere("cut-stream"),
    async run(server) {
      expect(await failsOnce(server)).toMatchObject({ kind: "ModelError", retryable: true, message: saying("broke off") });
    },
  },
  {
    name: "a connection that breaks in mid-answer",
    modes: everywhere("broken-stream"),
    async run(server) {
      expect(await failsOnce(server)).toMatchObject({ kind: "ModelError", retryable: true, message: saying("was lost") });
    },
  },
  {
    name: "half a JSON",
    modes: inWords("not-json", "garbage-line"),
    async run(server) {
      expect(await failsOnce(server)).toMatchObject({ kind: "ModelError", message: saying("not JSON") });
    },
  },
  {
    name: '{error: "…"}',
    modes: inWords("shape-string", "bad-json"),
    only: ["ollama", "lmstudio", ANY],
    async run(server) {
      const words = wireOf(server.preset) === "ollama" ? "cannot unmarshal" : MISSING_WORDS;
      expect(await failsOnce(server)).toMatchObject({ kind: "ModelError", status: 400, message: saying(words) });
    },
  },
  {
    name: '{object: "error", message}',
    modes: inWords("shape-object"),
    only: ["vllm", "sglang", ANY],
    async run(server) {
      expect(await failsOnce(server)).toMatchObject({ kind: "ModelError", status: 400, message: saying(MISSING_WORDS) });
    },
  },
  {
    name: "{status, title, detail}",
    modes: inWords("shape-problem"),
    only: ["nvidia", "nim", "ogx", ANY],
    async run(server) {
      expect(await failsOnce(server)).toMatchObject({ kind: "ModelError", status: 400, message: saying(MISSING_WORDS) });
    },
  },
  {
    name: "{detail: […]}",
    modes: inWords("shape-list"),
    only: ["nvidia", "nim", "ogx", "vllm", "sglang", ANY],
    async run(server) {
      expect(await failsOnce(server)).toMatchObject({ kind: "ModelError", status: 422, message: saying(MISSING_WORDS) });
    },
  },
];
