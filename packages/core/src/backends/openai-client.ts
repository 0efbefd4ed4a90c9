import type { OpenAI } from "openai";
import type { AskOptions } from "../model.ts";
import type { EncodedImage, ModelTransport, TransportInit } from "../ports.ts";
import type { StreamParser } from "./chat-answer.ts";
import { jsonBytes } from "./json-bytes.ts";
import type { Refusal } from "./server-refusal.ts";

export type ChatBody = OpenAI.ChatCompletionCreateParams;

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly body: ChatBody;
  /** Put where their marks stand in the body. */
  readonly pictures?: readonly EncodedImage[];
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ChatServer {
  /** The base URL; questions go to `/chat/completions` below it. */
  readonly server: string;
  readonly apiKey?: string | undefined;
  readonly transport: ModelTransport;
}

/** The `openai` client's own timer must never fire first: deadlines are the transport's business. The longest a Node timer can be. */
const NO_CLIENT_DEADLINE_MS = 2 ** 31 - 1;

/** Error bodies are small; anything longer is not worth reading to the end. In characters. */
const LONGEST_ERROR_BODY = 100_000;

/** Non-2xx, with the body read: thrown inside the client library's fetch so that it does not lose the body. */
export class RefusedResponse extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`HTTP ${refusal.status}`);
    this.refusal = refusal;
  }
}

/** RefusedResponse for anything but a 2xx answer. */
export async function accepted(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw new RefusedResponse({
    status: response.status,
    body: (await response.text()).slice(0, LONGEST_ERROR_BODY),
    retryAfterSeconds: retryAfterSeconds(response.headers),
  });
}

function retryAfterSeconds(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  // A date is read against the server's own clock, which core has and which cannot differ from it.
  const seconds = /^\s*\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : (Date.parse(value) - Date.parse(headers.get("date") ?? "")) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}

/** Some servers repeat the key they refuse. */
export function withoutKey(text: string, apiKey: string | undefined): string {
  return apiKey ? text.replaceAll(apiKey, "•••") : text;
}

/** Headers are ours alone: the client library would add those of OPENAI_CUSTOM_HEADERS, meant for another server, and tell this one the machine's system. */
export function requestInit(apiKey: string | undefined, init: RequestInit, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return {
    ...init,
    redirect: "manual",
    headers: {
      accept: "application/json, text/event-stream",
      ...((init.method ?? "GET") === "GET" ? {} : { "content-type": "application/json" }),
      ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
      ...headers,
    },
  };
}

export interface ChatClient {
  /** Resolves to a 2xx response; throws RefusedResponse or whatever the transport throws. */
  post(wire: WireRequest, options: AskOptions): Promise<Response>;
  readonly parseStream: StreamParser;
}

/** What belongs to one question; it rides along with the client library's own options for fetch. */
interface Question {
  readonly onWait: TransportInit["onWait"];
  readonly extraHeaders: Readonly<Record<string, string>> | undefined;
  /** The library replaces what fetch threw by errors of its own, at times without the cause: it is kept here. */
  readonly failed: (error: unknown) => void;
}

/** Loads the `openai` package with the first question: importing core costs nothing. */
export async function loadChatClient({ server, apiKey, transport }: ChatServer): Promise<ChatClient> {
  const [{ OpenAI }, { Stream }] = await Promise.all([import("openai"), import("openai/streaming")]);

  const client = new OpenAI({
    baseURL: server,
    // Every option that would otherwise be read from the environment. The real key is set by `requestInit`.
    apiKey: "unused",
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: "off",
    maxRetries: 0,
    timeout: NO_CLIENT_DEADLINE_MS,
    async fetch(url, init) {
      const { onWait, extraHeaders, failed, ...rest } = init as RequestInit & Question;
      try {
        return await accepted(await transport(url, { ...requestInit(apiKey, rest, extraHeaders), onWait }));
      } catch (error) {
        failed(error);
        throw error;
      }
    },
  });

  return {
    parseStream: (response) => Stream.fromSSEResponse<OpenAI.ChatCompletionChunk>(response, new AbortController(), client),
    async post({ body, pictures = [], headers }, { signal, onWait }) {
      let failure: unknown;
      const question: Question = { onWait, extraHeaders: headers, failed: (error) => (failure = error) };
      // Its type knows fetch's own options alone; it hands over whatever is there.
      const fetchOptions = question as object;
      try {
        return await client
          .post("/chat/completions", { body: jsonBytes(body, pictures), fetchOptions, ...(signal ? { signal } : {}) })
          .asResponse();
      } catch (error) {
        throw failure ?? error;
      }
    },
  };
}
