import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

/**
 * A stand-in for a model server on a bad day: real HTTP, OpenAI's chat completions, no model. Its rule: it answers "The question has N
 * letters.", N of the first text of the last message, streamed or whole as it is asked for. In its other moods it breaks off, falls silent or never ends.
 */
export interface ChaosServer {
  /** Up to and with /v1. */
  readonly baseUrl: string;
  /** Requests so far. */
  readonly count: number;
  /** The request of this number, from 0, as soon as it has come. */
  exchange(at: number): Promise<Exchange>;
  close(): Promise<void>;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Parsed JSON, unchecked. */
  readonly body: ChatRequest;
}

interface ChatRequest {
  readonly model?: string;
  readonly stream?: boolean;
  readonly messages?: readonly { readonly content: string | readonly { readonly type: string; readonly text?: string }[] }[];
}

type Meet = (exchange: Exchange) => void;
export type Mood = "resets the connection" | Meet;

/** The answer by the rule. */
export function answerTo({ messages = [] }: ChatRequest): string {
  const content = messages.at(-1)?.content ?? "";
  const text = typeof content === "string" ? content : (content.find(({ type }) => type === "text")?.text ?? "");
  return `The question has ${text.replaceAll(/\P{L}/gu, "").length} letters.`;
}

export const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;

const identity = ({ body }: Exchange) => ({ id: "chatcmpl-1", created: 1_790_000_000, model: body.model ?? "" });

/** One piece of a streamed answer. */
export function chunk(exchange: Exchange, text: string, finish: string | null = null): string {
  return event({
    ...identity(exchange),
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta: { role: "assistant", content: text }, finish_reason: finish }],
  });
}

/** A whole answer. */
export function completion(exchange: Exchange): string {
  return JSON.stringify({
    ...identity(exchange),
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", content: answerTo(exchange.body), refusal: null }, finish_reason: "stop" }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  });
}

/** A streamed answer, in all its pieces. */
function stream(exchange: Exchange): string {
  const words = answerTo(exchange.body).match(/\S+\s*/g) ?? [];
  return [...words.map((word) => chunk(exchange, word)), chunk(exchange, "", "stop"), "data: [DONE]\n\n"].join("");
}

/** The answer by the rule, under this content type, or under none. */
export const under =
  (contentType: string | undefined, form: "whole" | "streamed"): Meet =>
  (exchange) => {
    if (contentType !== undefined) exchange.response.setHeader("content-type", contentType);
    exchange.response.writeHead(200).end(form === "whole" ? completion(exchange) : stream(exchange));
  };

/** By the rule, as it is asked for. */
export const healthy: Meet = (exchange) =>
  void exchange.response
    .writeHead(200, { "content-type": exchange.body.stream === true ? "text/event-stream; charset=utf-8" : "application/json" })
    .end(exchange.body.stream === true ? stream(exchange) : completion(exchange));

/** Takes the request and leaves all else to the test: nothing at all, in the end. */
export const silent: Meet = () => {};

export const refuses =
  (status: number, headers: Record<string, string> = {}): Meet =>
  ({ response }) =>
    void response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(JSON.stringify({ error: { message: "busy", type: "rate_limit", code: status } }));

/** These words, whole, under HTTP 200 unless said otherwise. */
export const saying =
  (words: string | Uint8Array, headers: Record<string, string> = { "content-type": "application/json" }, status = 200): Meet =>
  ({ response }) =>
    void response.writeHead(status, headers).end(words);

/** So far, and then the connection is gone. */
export const breakingOff =
  (words: (exchange: Exchange) => string, contentType: string): Meet =>
  (exchange) => {
    const { response } = exchange;
    response.writeHead(200, { "content-type": contentType });
    response.write(words(exchange), () => response.socket?.destroy());
  };

/** The same again and again. */
export const endless =
  (words: string, contentType: string): Meet =>
  ({ response }) => {
    response.writeHead(200, { "content-type": contentType });
    const piece = words.repeat(Math.ceil(60_000 / words.length));
    const more = (): void => void (response.destroyed || response.write(piece, more));
    more();
  };

/** Small on the wire, and a hundred million bytes once unpacked. */
export const bomb: Meet = saying(gzipSync(Buffer.alloc(100_000_000, " ")), {
  "content-type": "application/json",
  "content-encoding": "gzip",
});

/** Meets its requests in these moods, in turn; the last one holds for all that follow. */
export async function startChaosServer(...moods: readonly Mood[]): Promise<ChaosServer> {
  const exchanges: Exchange[] = [];
  const waiting: { readonly at: number; readonly resolve: (exchange: Exchange) => void }[] = [];
  let count = 0;
  const mood = (): Mood => moods[Math.min(count, moods.length - 1)] ?? healthy;

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (piece: Buffer) => chunks.push(piece));
    request.on("end", () => {
      const meet = mood();
      count++;
      const exchange: Exchange = { request, response, body: JSON.parse(Buffer.concat(chunks).toString()) as ChatRequest };
      exchanges.push(exchange);
      if (meet !== "resets the connection") meet(exchange);
      for (const { at, resolve } of waiting) if (at === exchanges.length - 1) resolve(exchange);
    });
  });
  server.on("connection", (socket) => {
    if (mood() !== "resets the connection") return;
    count++;
    socket.resetAndDestroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    get count() {
      return count;
    },
    exchange(at) {
      const come = exchanges[at];
      return come === undefined ? new Promise((resolve) => waiting.push({ at, resolve })) : Promise.resolve(come);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
