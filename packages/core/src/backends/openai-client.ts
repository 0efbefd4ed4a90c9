import type { OpenAI } from "openai";
import type { AskOptions } from "../model.ts";
import type { EncodedImage, ModelTransport, TransportInit } from "../ports.ts";
import type { StreamParser } from "./chat-answer.ts";
import { accepted, requestInit } from "./http.ts";
import { jsonBytes } from "./json-bytes.ts";

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
