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

test.each(["llama3.2:3b", "gemma4", "qwen3-vl:8b", "llama-4-scout", ""])("%s is not", (id) => {
  expect(familyOf(id)).toMatchObject({ name: "unknown", longSide: 1536 });
});
