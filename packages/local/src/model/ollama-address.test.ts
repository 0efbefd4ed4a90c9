import { expect, test } from "vitest";
import { ollamaAddress } from "./ollama-address.ts";

test.each([
  [undefined, "http://127.0.0.1:11434"],
  ["", "http://127.0.0.1:11434"],
  ["0.0.0.0", "http://127.0.0.1:11434"],
  ["0.0.0.0:8080", "http://127.0.0.1:8080"],
  [":8080", "http://127.0.0.1:8080"],
  ["gpu.local", "http://gpu.local:11434"],
  ["gpu.local:8080", "http://gpu.local:8080"],
  ["[::]:8080", "http://[::1]:8080"],
  ["[fe80::1]", "http://[fe80::1]:11434"],
  ["http://gpu.local:8080/", "http://gpu.local:8080"],
  ["https://gpu.local", "https://gpu.local"],
  ["http://gpu.local", "http://gpu.local"],
])("OLLAMA_HOST=%s is %s", (host, address) => {
  expect(ollamaAddress(host)).toBe(address);
});
