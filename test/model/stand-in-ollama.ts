import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "./stand-in-modes.ts";
import { type OllamaChat, ollamaModes, refuse, type StandInOllamaModel } from "./stand-in-ollama-modes.ts";

/**
 * A stand-in for an Ollama: real HTTP, its native API, no model. It checks requests in the order and with the words of Ollama's source
 * (server/routes.go, llm/llama_server.go), answers by the rule of `stand-in-rule.ts`, and in its other modes fails as Ollama does.
 */
export interface StandInOllama {
  /** Without a path. */
  readonly baseUrl: string;
  /** All requests so far, in the order they came. */
  readonly requests: readonly SeenOllamaRequest[];
  /** The questions among them. */
  readonly chats: readonly SeenOllamaRequest[];
  close(): Promise<void>;
}

export interface SeenOllamaRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON, unchecked; an empty object when there was none. */
  readonly body: OllamaChat;
  /** "answered" when the answer went out whole, "aborted" when the client left before. */
  readonly end: Promise<"answered" | "aborted">;
}

export interface StandInOllamaOptions {
  /** How the chat requests are met, in turn; the last one holds for all that follow. Default: "answer". */
  readonly mode?: StandInOllamaMode | readonly StandInOllamaMode[];
  /** Default "0.31.2". Before 0.30 the list does not say what a model can do. */
  readonly version?: string;
  readonly models?: readonly StandInOllamaModel[];
  /** When set, requests without it are refused, as a proxy before an Ollama does. */
  readonly apiKey?: string;
}

export type StandInOllamaMode = keyof typeof ollamaModes;

export const STAND_IN_MODELS: readonly StandInOllamaModel[] = [
  {
    name: "gemma4:latest",
    family: "gemma4",
    size: 9_600_000_000,
    contextLength: 131_072,
    capabilities: ["completion", "vision", "thinking"],
  },
  { name: "llama3.2-vision:latest", family: "mllama", size: 7_800_000_000, contextLength: 131_072, capabilities: ["completion", "vision"] },
  { name: "llama3.2:3b", family: "llama", size: 2_000_000_000, contextLength: 131_072, capabilities: ["completion"] },
  { name: "all-minilm:latest", family: "bert", size: 46_000_000, contextLength: 512, capabilities: ["embedding"] },
  {
    name: "qwen3-vl:235b-cloud",
    family: "qwen3vl",
    size: 384,
    capabilities: ["completion", "vision"],
    remoteHost: "https://ollama.com:443",
  },
];

export async function startStandInOllama(options: StandInOllamaOptions = {}): Promise<StandInOllama> {
  const { version = "0.31.2", models = STAND_IN_MODELS } = options;
  const order = [options.mode ?? "answer"].flat<readonly (StandInOllamaMode | readonly StandInOllamaMode[])[]>();
  const requests: SeenOllamaRequest[] = [];
  const chats: SeenOllamaRequest[] = [];
  const saysAbilities = Number(version.split(".")[1]) >= 30;

  const routes: Record<string, (response: ServerResponse, body: OllamaChat | undefined) => void> = {
    "GET /api/version": (response) => json(response, 200, { version }),
    "GET /api/tags": (response) => json(response, 200, { models: models.map((model) => listed(model, saysAbilities)) }),
    "GET /api/ps": (response) =>
      json(response, 200, {
        models: models.flatMap(({ name, loaded }) => (loaded === undefined ? [] : [{ name, model: name, context_length: loaded }])),
      }),
    "POST /api/show": (response, body) => {
      const model = models.find(({ name }) => name === body?.model);
      if (model === undefined) return refuse(response, 404, `model '${body?.model}' not found`);
      if (model.unreadable === true) return refuse(response, 500, "unexpected EOF");
      json(response, 200, {
        details: { family: model.family },
        capabilities: model.capabilities,
        model_info: {
          "general.architecture": model.family,
          ...(model.contextLength === undefined ? {} : { [`${model.family}.context_length`]: model.contextLength }),
        },
      });
    },
    "POST /api/chat": (response, body) => {
      const mode = order[Math.min(chats.length - 1, order.length - 1)] ?? "answer";
      ollamaModes[mode]({ response, body, models, turn: chats.length });
    },
  };

  const server = createServer((request, response) => {
    void (async () => {
      const end = new Promise<"answered" | "aborted">((resolve) =>
        response.once("close", () => resolve(response.writableFinished ? "answered" : "aborted")),
      );
      const body = await readJson(request);
      const seen = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body: body ?? {}, end };
      requests.push(seen);
      if (options.apiKey !== undefined && request.headers.authorization !== `Bearer ${options.apiKey}`)
        return refuse(response, 401, `unauthorized: ${request.headers.authorization ?? "no key"}`);
      const route = routes[`${seen.method} ${seen.path}`];
      if (seen.path === "/api/chat") chats.push(seen);
      // gin's own words.
      if (route === undefined) return void response.writeHead(404, { "content-type": "text/plain" }).end("404 page not found");
      route(response, body);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    requests,
    chats,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listed({ name, family, size, capabilities, remoteHost }: StandInOllamaModel, saysAbilities: boolean): unknown {
  return {
    name,
    model: name,
    modified_at: "2026-11-01T12:00:00Z",
    size,
    digest: "0".repeat(64),
    details: { format: "gguf", family, families: [family] },
    ...(remoteHost === undefined ? {} : { remote_host: remoteHost, remote_model: name }),
    ...(saysAbilities ? { capabilities } : {}),
  };
}

async function readJson(request: IncomingMessage): Promise<OllamaChat | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as OllamaChat;
  } catch {
    return undefined;
  }
}
