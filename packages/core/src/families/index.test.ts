import { expect, test } from "vitest";
import { familyOf } from "./index.ts";

test.each([
  "llama3.2-vision",
  "llama3.2-vision:90b",
  "meta/llama-3.2-11b-vision-instruct",
  "meta-llama/Llama-3.2-90B-Vision-Instruct",
  "hf.co/somebody/Llama-3.2-11B-Vision-GGUF",
])("%s is Llama 3.2 Vision", (id) => {
  expect(familyOf(id)).toMatchObject({ name: "Llama 3.2 Vision", longSide: 1120, maxImages: 1 });
});

test.each(["llama3.2:3b", "llama-4-scout", "gemma3n:e4b", "qwen3:8b", "my-claude-like", ""])("%s is of no known family", (id) => {
  expect(familyOf(id)).toMatchObject({ name: "unknown", longSide: 1536 });
});

test.each([
  ["qwen2-vl:7b", "Qwen2-VL"],
  ["qwen2.5vl:7b", "Qwen2.5-VL"],
  ["Qwen/Qwen2.5-VL-7B-Instruct", "Qwen2.5-VL"],
  ["qwen3-vl:8b", "Qwen3-VL"],
  ["qwen3.5:2b", "Qwen3-VL"],
  ["gemma4", "Gemma 4"],
  ["google/gemma-3-27b-it", "Gemma 3"],
  ["anthropic/claude-opus-5", "Claude"],
  ["gemini-3-flash", "Gemini"],
  ["google/paligemma2-3b-mix-448", "PaliGemma"],
  ["zai-org/GLM-4.6V", "GLM-V"],
  ["glm-4.5v", "GLM-V"],
  ["OpenGVLab/InternVL3-8B", "InternVL"],
  ["deepseek-ai/deepseek-vl2-small", "DeepSeek-VL2"],
  ["microsoft/Florence-2-large", "Florence-2"],
  ["allenai/Molmo-7B-D", "Molmo"],
  ["moondream:1.8b", "Moondream"],
])("%s is %s", (id, name) => {
  expect(familyOf(id).name).toBe(name);
});

test("Llama 3.2 Vision sees more of a panorama: its four tiles in a row", () => {
  const { longSideOf } = familyOf("llama3.2-vision");
  expect(longSideOf?.({ width: 1920, height: 1080 })).toBe(1120);
  expect(longSideOf?.({ width: 4000, height: 1000 })).toBe(2240);
  expect(longSideOf?.({ width: 900, height: 3000 })).toBe(1680);
});

test("what a picture takes of the context", () => {
  const tokens = (id: string) => familyOf(id).imageTokens({ width: 1120, height: 840 });
  expect([tokens("llama3.2-vision"), tokens("qwen2.5vl"), tokens("qwen3-vl"), tokens("gemma3"), tokens("other")]).toEqual([
    1, 1202, 947, 258, 1255,
  ]);
});
