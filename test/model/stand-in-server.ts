import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { json, modes } from "./stand-in-modes.ts";
import type { ChatRequest } from "./stand-in-rule.ts";

/**
 * A stand-in for a model server: real HTTP, OpenAI's chat completions, no model. Its rule: it says how many pictures it was sent, of what
 * size and kind, and the first words of the question. Asked for JSON it fills the schema by the same rule: every text is that sentence (cut to
 * `maxLength`), every choice the first, every number its minimum or 0, every list empty, null where null is allowed.
 * It checks requests the way the real ones do, and in its other modes fails in the words of real servers.
 */
export interface StandInModel {
  /** Up to and with /v1. */
  readonly baseUrl: string;
  readonly model: string;
  /** All requests so far, in the order they came. */
  readonly requests: readonly SeenRequest[];
  /** The most requests that were under way at a time. */
  mostAtOnce(): number;
  close(): Promise<void>;
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON, unchecked; an empty object when there was none. */
  readonly body: ChatRequest;
  /** "answered" when the answer went out whole, "aborted" when the client left before. */
  readonly end: Promise<"answered" | "aborted">;
}

export interface StandInOptions {
  /** How the chat requests are met, in turn; the last one holds for all that follow. Default: "answer". */
  readonly mode?: StandInMode | readonly StandInMode[];
  readonly model?: string;
  /** When set, requests without it are refused as OpenAI does. */
  readonly apiKey?: string;
  /** In place of the rule: the words of every plain answer, or another rule for them. */
  readonly text?: string | ((request: ChatRequest) => string);
  /** How long each chat request waits before it is met, in ms. Default: none. */
  readonly delayMs?: number;
  /** Chat requests are met when this resolves. Default: at once. */
  readonly until?: Promise<unknown>;
  /** Where it listens. Default: a free one. */
  readonly port?: number;
  /** Answers to GET by path, in place of its own. */
  readonly routes?: Readonly<Record<string, unknown>>;
}

export type StandInMode = keyof typeof modes;

export async function startStandInModel(options: StandInOptions = {}): Promise<StandInModel> {
  const model = options.model ?? "stand-in-vision";
  const order = [options.mode ?? "answer"].flat<readonly (StandInMode | readonly StandInMode[])[]>();
  const requests: SeenRequest[] = [];
  let chats = 0;
  let underWay = 0;
  let most = 0;

  const server = createServer((request, response) => {
    void (async () => {
      most = Math.max(most, ++underWay);
      response.once("close", () => underWay--);
      const end = new Promise<"answered" | "aborted">((resolve) =>
        response.once("close", () => resolve(response.writableFinished ? "answered" : "aborted")),
      );
      const body = await readJson(request);
      requests.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers, body: body ?? {}, end });
      if (options.apiKey !== undefined && request.headers.authorization !== `Bearer ${options.apiKey}`) {
        return json(response, 401, {
          error: {
            message: `Incorrect API key provided: ${request.headers.authorization?.replace("Bearer ", "") ?? "none"}.`,
            type: "invalid_request_error",
            code: "invalid_api_key",
          },
        });
      }
      const route = request.method === "GET" ? options.routes?.[request.url ?? ""] : undefined;
      if (route !== undefined) return json(response, 200, route);
      if (request.method === "GET" && request.url === "/v1/models")
        return json(response, 200, {
          object: "list",
          data: [
            { id: model, object: "model" },
            { id: "another-model", object: "model" },
          ],
        });
      if (request.method !== "POST" || request.url !== "/v1/chat/completions") return json(response, 404, { detail: "Not Found" });
      if (options.delayMs !== undefined) await sleep(options.delayMs);
      await options.until;
      const mode = order[Math.min(chats++, order.length - 1)] ?? "answer";
      modes[mode]({ request, response, body, model, text: typeof options.text === "function" ? options.text(body ?? {}) : options.text });
    })();
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    model,
    requests,
    mostAtOnce: () => most,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readJson(request: IncomingMessage): Promise<ChatRequest | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    return JSON.parse(text) as ChatRequest;
  } catch {
    return undefined;
  }
}
