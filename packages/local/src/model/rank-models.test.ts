import type { ListedModel } from "@sightline/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listedAs, pickTextModel, pickVisionModel } from "./rank-models.ts";

const named = (...ids: string[]): ListedModel[] => ids.map((id) => ({ id }));

describe("the model for pictures", () => {
  test.each<[string, string[], string | undefined]>([
    ["NVIDIA", ["meta/llama-3.2-90b-vision-instruct", "meta/llama-3.3-70b-instruct", "google/gemma-4-31b-it"], "google/gemma-4-31b-it"],
    ["OpenAI", ["gpt-4o", "gpt-5-mini", "gpt-5.1", "gpt-5.1-codex", "text-embedding-3-small", "whisper-1"], "gpt-5-mini"],
    ["Anthropic", ["claude-opus-5", "claude-sonnet-4-5", "claude-sonnet-5"], "claude-sonnet-5"],
    ["Gemini", ["models/gemini-2.5-pro", "models/gemini-3.5-flash", "models/gemini-2.5-flash-image"], "models/gemini-3.5-flash"],
    [
      "the largest by the names' numbers",
      ["qwen/qwen3-vl-8b-instruct", "qwen/qwen3-vl-30b-a3b-instruct", "qwen/qwen3-vl-235b-thinking"],
      "qwen/qwen3-vl-30b-a3b-instruct",
    ],
    ["the Gemma 3 that see", ["gemma-3-1b-it", "gemma-3n-e4b-it", "gemma-3-27b-it"], "gemma-3-27b-it"],
    ["nothing known", ["a", "b"], undefined],
    ["what ends soon, or loads on few servers", ["gpt-4o-mini", "gpt-4.1", "llama-3.2-11b-vision-instruct"], undefined],
  ])("%s", (_, ids, chosen) => {
    expect(pickVisionModel(named(...ids), "openai-compatible").model).toBe(chosen);
  });

  test("by what the server says, before what the name says", () => {
    const models = [
      { id: "gemma-4-text", vision: false },
      { id: "unheard-of", vision: true },
      { id: "llava-embed", chat: false },
    ];
    expect(pickVisionModel(models, "openai-compatible")).toEqual({ model: "unheard-of", passedOver: [] });
  });

  test("an Ollama's only model is taken when it sees, and may be chosen", () => {
    expect(pickVisionModel([{ id: "llama3.2:3b", vision: false }], "ollama")).toEqual({ passedOver: [] });
    expect(pickVisionModel([{ id: "llama3.2-vision", vision: true }], "ollama")).not.toHaveProperty("model");
  });

  test("is one of the list that does not say it is blind or mute", () => {
    const model = fc.record(
      {
        id: fc.oneof(fc.constantFrom("gemma4", "qwen3-vl:8b", "llama3.2-vision", "gpt-4o", "llava:7b"), fc.string({ minLength: 1 })),
        vision: fc.boolean(),
        chat: fc.boolean(),
        sizeBytes: fc.nat(),
      },
      { requiredKeys: ["id"] },
    );
    fc.assert(
      fc.property(fc.uniqueArray(model, { selector: ({ id }) => id.toLowerCase().split("/").at(-1) }), (models) => {
        const { model: chosen } = pickVisionModel(models, "ollama");
        const entry = models.find(({ id }) => id === chosen);
        expect(chosen === undefined).toBe(entry === undefined);
        expect(entry).not.toMatchObject({ vision: false });
        expect(entry).not.toMatchObject({ chat: false });
      }),
    );
  });
});

test("the model for texts is one that writes and does not see, here and not elsewhere", () => {
  const models: ListedModel[] = [
    { id: "qwen3-vl:8b", vision: true, chat: true },
    { id: "mistral:7b", vision: false, chat: true, sizeBytes: 4e9 },
    { id: "llama3.2:1b", vision: false, chat: true, sizeBytes: 1e9 },
    { id: "llama3.2:3b", vision: false, chat: true, sizeBytes: 2e9 },
    { id: "gpt-oss:120b-cloud", vision: false, chat: true, remoteHost: "https://ollama.com:443" },
    { id: "nomic-embed-text", vision: false, chat: false },
  ];
  expect(pickTextModel(models)).toBe("llama3.2:3b");
  expect(pickTextModel(named("anything"))).toBeUndefined();
});

test("a name is listed as itself, as :latest, and behind models/", () => {
  const models = named("gemma4:latest", "models/gemini-2.5-pro", "qwen3-vl:8b");
  expect(["gemma4", "gemini-2.5-pro", "qwen3-vl:8b", "qwen3-vl"].map((name) => listedAs(models, name)?.id)).toEqual([
    "gemma4:latest",
    "models/gemini-2.5-pro",
    "qwen3-vl:8b",
    undefined,
  ]);
});
