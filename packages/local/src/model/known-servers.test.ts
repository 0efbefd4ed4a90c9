import { presets } from "@sightline/core";
import { expect, test } from "vitest";
import { isVendors, keyFromEnvironment, presetOf, usualAddress } from "./known-servers.ts";

test.each([
  ["https://api.openai.com/v1", "openai"],
  ["https://eu.api.openai.com/v1", "openai"],
  ["https://integrate.api.nvidia.com/v1", "nvidia"],
  ["https://ai.api.nvidia.com/v1/gr/meta/llama-3.2-90b-vision-instruct/chat/completions", "nvidia"],
  ["https://generativelanguage.googleapis.com/v1beta/openai", "gemini"],
  ["http://127.0.0.1:11434", "ollama"],
  ["http://gpu.lan:11434/v1", "ollama"],
  ["http://localhost:1234/v1", "lmstudio"],
  ["http://127.0.0.1:8321/v1", "ogx"],
  ["http://127.0.0.1:9000/v1", "openai-compatible"],
  ["https://example.com/v1", "openai-compatible"],
  // Not theirs, though they would like to be.
  ["https://api.openai.com.example.com/v1", "openai-compatible"],
  ["https://notapi.openai.com.example/v1", "openai-compatible"],
  ["https://storage.googleapis.com/v1", "openai-compatible"],
  ["https://evilapi.nvidia.com/v1", "openai-compatible"],
])("%s is %s", (url, name) => {
  expect(presetOf(url).name).toBe(name);
});

test("every preset's usual address speaks for it; only a vendor's is its own", () => {
  for (const preset of presets) {
    if (preset.baseUrl === undefined) continue;
    expect(presetOf(preset.baseUrl).name).toBe(preset.name);
    expect(isVendors(preset, preset.baseUrl)).toBe(preset.local !== true);
  }
});

test("Ollama is where OLLAMA_HOST says", () => {
  const ollama = presetOf("http://127.0.0.1:11434");
  expect(usualAddress(ollama, { OLLAMA_HOST: "gpu:1" })).toBe("http://gpu:1");
  expect(usualAddress(ollama, { OLLAMA_HOST: "gpu:1" }, { ollama: "http://there" })).toBe("http://there");
});

test("the first of a preset's variables that is set holds its key", () => {
  const gemini = presetOf("https://generativelanguage.googleapis.com/v1beta/openai");
  expect(keyFromEnvironment(gemini, {})).toBeUndefined();
  expect(keyFromEnvironment(gemini, { GEMINI_API_KEY: " ", GOOGLE_API_KEY: " g-key\n" })).toEqual({
    variable: "GOOGLE_API_KEY",
    key: "g-key",
  });
});
