import { type ModelAnswer, type ModelOptions, type ModelTransport, openModel, type Preset, type VisionModel } from "@sightline/core";
import { expect } from "vitest";
import { createModelTransport } from "../../packages/local/src/model/transport.ts";
import { createFastClock, type FastClock } from "../model/fast-clock.ts";
import type { PublishedDocument } from "../model/published-schemas.ts";
import { CLASSIC_MODEL, startStandInNvidia } from "../model/stand-in-nvidia.ts";
import { startStandInOllama } from "../model/stand-in-ollama.ts";
import { startStandInModel } from "../model/stand-in-server.ts";
import type { LlamaServers } from "../tools/llama-server.ts";
import { modesFor, type Row, wireOf } from "./row.ts";

/** What a backend was held against. */
export type Against = "real server" | "published schema" | "documented stand-in";

/** A question as the server got it. */
export interface Chat {
  /** Parsed, unchecked. */
  readonly body: Readonly<Record<string, unknown>>;
  /** "aborted" when the server saw the connection end before its answer was out. */
  readonly end: Promise<"answered" | "aborted">;
}

/** A server that runs, in the state a row wants. */
export interface Running {
  readonly preset: Preset;
  /** A model behind it, with the right key; nothing is sent yet. */
  open(options?: Partial<ModelOptions>): VisionModel;
  /** Waits that servers ask for take no time on it; deadlines never come. */
  readonly clock: FastClock;
  readonly chats: readonly Chat[];
  /** Fails unless `answer` shows that the server looked at so many pictures. `without` is its answer to the same question without any. */
  expectSeen(pictures: number, answer: ModelAnswer, without: ModelAnswer): void;
  /** Fails unless the server noticed that the client has left. */
  expectLeft(): Promise<void>;
  close(): Promise<void>;
}

/** The longest that a server asks to wait in any row, in ms; deadlines are longer. */
const LONGEST_WAIT = 20_000;

/** Not in any error: looked for in each. */
export const RIGHT_KEY = "sk-the-right-key";
export const WRONG_KEY = "sk-the-wrong-key";

interface Server extends Pick<Running, "chats" | "close"> {
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey: string;
}

/** Whose published document the requests are held to: the server's own, or OpenAI's where a server says that it follows that. */
export function documentFor(preset: Preset): PublishedDocument | undefined {
  if (preset.name === "ogx") return "ogx";
  const wire = wireOf(preset);
  // NVIDIA publishes none for its hosted routes.
  return wire === "nvidia" ? undefined : wire === "ollama" ? "ollama" : "openai";
}

/** A stand-in follows a published document only where the server it stands for published it. */
export function standInAgainst(preset: Preset): Against {
  return ["openai", "ogx", "ollama", "openai-compatible"].includes(preset.name) ? "published schema" : "documented stand-in";
}

export async function startStandIn(preset: Preset, row: Row): Promise<Running> {
  const server = await serverFor(preset, row);
  const clock = createFastClock({ skip: LONGEST_WAIT });
  return {
    preset,
    clock,
    get chats() {
      return server.chats;
    },
    open: opener(preset, server, createModelTransport({ clock }), clock),
    expectSeen(pictures, { text }) {
      expect(text).toContain(`was sent ${pictures} picture`);
    },
    async expectLeft() {
      expect(await server.chats.at(-1)?.end).toBe("aborted");
    },
    close: server.close,
  };
}

async function serverFor(preset: Preset, row: Row): Promise<Server> {
  const modes = modesFor(row, preset);
  switch (wireOf(preset)) {
    case "ollama": {
      const server = await startStandInOllama({ mode: modes.ollama ?? "answer", apiKey: RIGHT_KEY });
      const { baseUrl, close } = server;
      return { baseUrl, close, model: "gemma4", apiKey: RIGHT_KEY, chats: server.chats as unknown as readonly Chat[] };
    }
    case "nvidia": {
      const server = await startStandInNvidia({ chat: modes.nvidia ?? "answer" });
      const { baseUrl, apiKey, close } = server;
      return {
        baseUrl,
        apiKey,
        close,
        model: CLASSIC_MODEL,
        get chats() {
          return server.requests
            .filter(({ path }) => path.endsWith("/chat/completions"))
            .map(({ body, end }) => ({ body: JSON.parse(body.toString()) as Chat["body"], end }));
        },
      };
    }
    case "openai-compatible": {
      const server = await startStandInModel({ mode: modes["openai-compatible"] ?? "answer", apiKey: RIGHT_KEY });
      const { baseUrl, model, close } = server;
      return {
        baseUrl,
        model,
        close,
        apiKey: RIGHT_KEY,
        get chats() {
          return server.requests.filter(({ method }) => method === "POST") as unknown as readonly Chat[];
        },
      };
    }
  }
}

/** A real llama-server. What it was sent is noted down on the way out. */
export function onRealServer(preset: Preset, servers: LlamaServers, which: "seeing" | "blind"): Running {
  const clock = createFastClock({ skip: LONGEST_WAIT });
  const transport = createModelTransport({ clock });
  const chats: Chat[] = [];
  const baseUrl = servers[which];
  const noting: ModelTransport = (url, init) => {
    const bytes = init?.body;
    if (typeof bytes === "string" || bytes instanceof Uint8Array) {
      const text = typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes);
      chats.push({ body: JSON.parse(text) as Chat["body"], end: Promise.resolve("answered") });
    }
    return transport(url, init);
  };
  return {
    preset,
    clock,
    chats,
    open: opener(preset, { baseUrl, model: "tiny-random", apiKey: "right" }, noting, clock),
    expectSeen(pictures, { usage }, { usage: without }) {
      const tokens = (usage?.inputTokens ?? 0) - (without?.inputTokens ?? 0);
      expect(tokens, "tokens that the pictures took").toBeGreaterThanOrEqual(4 * pictures);
    },
    async expectLeft() {
      await expect
        .poll(
          async () => {
            const response = await fetch(new URL("/slots", baseUrl), { headers: { authorization: "Bearer right" } });
            const slots = (await response.json()) as readonly { readonly is_processing: boolean }[];
            return slots.filter((slot) => slot.is_processing);
          },
          { timeout: 10_000 },
        )
        .toEqual([]);
    },
    close: () => Promise.resolve(),
  };
}

function opener(
  preset: Preset,
  server: Pick<Server, "baseUrl" | "model" | "apiKey">,
  transport: ModelTransport,
  clock: FastClock,
): Running["open"] {
  return (options = {}) => openModel(preset.name, { ...server, transport, clock, ...options });
}
