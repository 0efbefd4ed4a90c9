import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { detectOllama, ollamaAddress } from "./detect-ollama.ts";

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  server = undefined;
});

interface Installed {
  readonly name: string;
  readonly capabilities: readonly string[];
  readonly size?: number;
  readonly family?: string;
  readonly remote_host?: string;
}

/** The parts of Ollama's API that are asked, in the shape of `version`: before 0.30 the list has no capabilities. */
async function startOllama(version: string, installed: readonly Installed[]): Promise<string> {
  return listen((request, response) => {
    const json = (body: unknown) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.url === "/api/version") return void json({ version });
    if (request.url === "/api/tags") {
      const listsCapabilities = !version.startsWith("0.2");
      return void json({
        models: installed.map(({ capabilities, family, ...model }) => ({
          ...model,
          model: model.name,
          details: { format: "gguf", family },
          ...(listsCapabilities ? { capabilities } : {}),
        })),
      });
    }
    let asked = "";
    request.on("data", (chunk: Buffer) => (asked += chunk.toString()));
    request.on("end", () => json({ capabilities: installed.find(({ name }) => name === JSON.parse(asked).model)?.capabilities }));
  });
}

/** Resolves to `host:port`. */
async function listen(listener: RequestListener): Promise<string> {
  const listening = (server = createServer(listener));
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

const seeing = ["completion", "vision"];

describe("what an Ollama has", () => {
  const installed: Installed[] = [
    { name: "nomic-embed-text:latest", capabilities: ["embedding"] },
    { name: "llava:7b", capabilities: seeing, size: 4e9 },
    { name: "llama3.2-vision:11b", capabilities: seeing, size: 8e9, family: "mllama" },
    { name: "qwen3-vl:2b", capabilities: seeing, size: 2e9 },
    { name: "qwen3-vl:8b", capabilities: seeing, size: 6e9 },
    { name: "somebody/unheard-of-vl", capabilities: seeing, size: 9e9 },
    { name: "mistral:7b", capabilities: ["completion"], size: 4e9 },
    { name: "llama3.2:3b", capabilities: ["completion", "tools"], size: 2e9 },
  ];

  test.each(["0.30.2", "0.24.1"])("version %s: the best of the models with vision, by family and then size", async (version) => {
    const host = await startOllama(version, installed);
    expect(await detectOllama({ env: { OLLAMA_HOST: host } })).toEqual({
      baseUrl: `http://${host}/v1`,
      version,
      visionModels: [
        { name: "qwen3-vl:8b" },
        { name: "qwen3-vl:2b" },
        { name: "llava:7b" },
        { name: "somebody/unheard-of-vl" },
        { name: "llama3.2-vision:11b", notChosen: expect.stringContaining("Llama 3.2 Vision") },
      ],
      model: "qwen3-vl:8b",
      textModel: "llama3.2:3b",
    });
  });

  test("Llama 3.2 Vision and models that run elsewhere are never chosen by themselves", async () => {
    const host = await startOllama("0.30.2", [
      { name: "llama3.2-vision:latest", capabilities: seeing },
      { name: "qwen3-vl:235b-cloud", capabilities: seeing, remote_host: "https://ollama.com:443" },
    ]);
    const found = await detectOllama({ url: `http://${host}` });
    expect(found).not.toHaveProperty("model");
    expect(found).not.toHaveProperty("textModel");
    expect(found?.visionModels.map(({ notChosen }) => notChosen)).toEqual([
      expect.stringContaining("leave this machine"),
      expect.stringContaining("cannot load"),
    ]);
  });
});

describe("no Ollama", () => {
  test("nothing listens", async () => {
    const host = await startOllama("0.30.2", []);
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    expect(await detectOllama({ url: `http://${host}` })).toBeUndefined();
  });

  test("something else listens", async () => {
    const host = await listen((_request, response) => void response.end("<h1>It works</h1>"));
    expect(await detectOllama({ url: `http://${host}` })).toBeUndefined();
  });

  test("what listens does not answer", async () => {
    const host = await listen(() => {});
    expect(await detectOllama({ url: `http://${host}`, timeoutMs: 50 })).toBeUndefined();
  });

  test("cancelled", async () => {
    const reason = new Error("the user left");
    await expect(detectOllama({ url: "http://127.0.0.1:9", signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

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
