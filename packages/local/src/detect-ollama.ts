import type { CallOptions, ModelTransport } from "@sightline/core";
import { isCancellation } from "@sightline/core";
import * as z from "zod";
import type { Environment } from "./folders.ts";
import { createModelTransport } from "./model/transport.ts";

/** An installed model that takes pictures. */
export interface OllamaVisionModel {
  readonly name: string;
  /** Why it is not chosen by itself, though it could be named. */
  readonly notChosen?: string;
}

export interface DetectedOllama {
  /** Up to and with /v1. */
  readonly baseUrl: string;
  /** Ollama's own version, such as "0.30.2". */
  readonly version: string;
  /** Best first. */
  readonly visionModels: readonly OllamaVisionModel[];
  /** The best of them; undefined when none can be chosen without asking. */
  readonly model?: string;
  /** For steps without a picture. */
  readonly textModel?: string;
}

export interface DetectOllamaOptions extends CallOptions {
  /** Default: by OLLAMA_HOST, as Ollama's own client reads it. */
  readonly url?: string;
  /** Default `process.env`. Only OLLAMA_HOST is read. */
  readonly env?: Environment;
  readonly transport?: ModelTransport;
  /** How long an Ollama may take to say that it is there. */
  readonly timeoutMs?: number;
}

/**
 * Families in the order of what they are worth for describing and asking, by how their names begin. Others with vision come after them.
 * Llama 3.2 Vision is not among them: no current Ollama can load it.
 */
const VISION_FAMILIES = [
  "gemma4",
  "qwen3-vl",
  "qwen3.5",
  "qwen2.5vl",
  "gemma3",
  "mistral-small3",
  "ministral-3",
  "llama4",
  "minicpm-v",
  "granite3.2-vision",
  "llava",
  "moondream",
];
const TEXT_FAMILIES = ["llama3.2", "gemma", "qwen3", "llama3", "mistral"];

/** The first Ollama whose runner no longer knows the architecture of Llama 3.2 Vision. */
const WITHOUT_MLLAMA = [0, 30];

const versionSchema = z.object({ version: z.string() });
const tagsSchema = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      size: z.number().catch(0),
      remote_host: z.string().optional(),
      details: z.object({ family: z.string().optional() }).optional(),
      capabilities: z.array(z.string()).nullish(),
    }),
  ),
});
type Tag = z.output<typeof tagsSchema>["models"][number];
const showSchema = z.object({ capabilities: z.array(z.string()) });

/** The address in OLLAMA_HOST, in all the forms Ollama takes: `host`, `host:port`, `:port`, a URL, and 0.0.0.0 for "everywhere", which a client reaches on loopback. */
export function ollamaAddress(host: string | undefined): string {
  const text = (host ?? "").trim().replace(/^["']|["']$/g, "");
  const [, scheme = "http", rest = ""] = /^(?:(https?):\/\/)?(.*)$/.exec(text) ?? [];
  const [, name = "", port] = /^(\[[^\]]*\]|[^:/]*)(?::(\d+))?/.exec(rest) ?? [];
  const everywhere = name === "" || name === "0.0.0.0" ? "127.0.0.1" : name === "[::]" ? "[::1]" : name;
  // As Ollama does: a bare host means its own port, a URL without one means its scheme's.
  const usual = !/^https?:/.test(text) ? "11434" : scheme === "https" ? "443" : "80";
  return new URL(`${scheme}://${everywhere}:${port ?? usual}`).origin;
}

/** Looks for an Ollama and what it has installed; undefined when none answers. Throws only when cancelled. */
export async function detectOllama(options: DetectOllamaOptions = {}): Promise<DetectedOllama | undefined> {
  const { env = process.env, signal, timeoutMs = 500, transport = createModelTransport({ connectMs: timeoutMs, retries: 0 }) } = options;
  const url = (options.url ?? ollamaAddress(env["OLLAMA_HOST"])).replace(/\/+$/, "");

  async function get<Output>(path: string, schema: z.ZodType<Output>, ms: number, body?: unknown): Promise<Output> {
    const deadline = AbortSignal.timeout(ms);
    const response = await transport(`${url}${path}`, {
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    });
    return schema.parse(await response.json());
  }

  try {
    const { version } = await get("/api/version", versionSchema, timeoutMs);
    // It is there: listing may take longer than finding it, on a machine that is busy with a model.
    const { models } = await get("/api/tags", tagsSchema, 10 * timeoutMs);
    const abilities = new Map(
      await Promise.all(
        models.map(async (tag): Promise<[Tag, readonly string[]]> => {
          if (tag.capabilities) return [tag, tag.capabilities];
          // Before 0.30 the list does not say.
          const shown = await get("/api/show", showSchema, 10 * timeoutMs, { model: tag.name }).catch(() => undefined);
          return [tag, shown?.capabilities ?? []];
        }),
      ),
    );
    const seeing = ranked(
      models.filter((tag) => abilities.get(tag)?.includes("vision")),
      VISION_FAMILIES,
    );
    const visionModels = seeing.map((tag) => {
      const notChosen = reasonAgainst(tag, version);
      return { name: tag.name, ...(notChosen === undefined ? {} : { notChosen }) };
    });
    const model = visionModels.find(({ notChosen }) => notChosen === undefined)?.name;
    const writing = models.filter(
      (tag) => tag.remote_host === undefined && abilities.get(tag)?.includes("completion") && !abilities.get(tag)?.includes("vision"),
    );
    const textModel = ranked(writing, TEXT_FAMILIES)[0]?.name ?? model;
    return {
      baseUrl: `${url}/v1`,
      version,
      visionModels,
      ...(model === undefined ? {} : { model }),
      ...(textModel === undefined ? {} : { textModel }),
    };
  } catch (error) {
    if (isCancellation(error, signal)) throw error;
    signal?.throwIfAborted();
    return undefined;
  }
}

/** By family, then the largest first: who installed it can run it. */
function ranked(tags: readonly Tag[], families: readonly string[]): Tag[] {
  const rank = ({ name }: Tag): number => {
    const at = families.findIndex((family) => (name.split("/").at(-1) ?? name).startsWith(family));
    return at === -1 ? families.length : at;
  };
  return tags.toSorted((a, b) => rank(a) - rank(b) || b.size - a.size);
}

function reasonAgainst({ name, details, remote_host }: Tag, version: string): string | undefined {
  if (remote_host !== undefined) return `runs on ${remote_host}: pictures would leave this machine`;
  if (details?.family === "mllama" || /llama3\.2-vision/.test(name)) {
    return isAtLeast(version, WITHOUT_MLLAMA)
      ? "Ollama 0.30 and later cannot load Llama 3.2 Vision"
      : "no later Ollama than 0.24 can load Llama 3.2 Vision";
  }
  return undefined;
}

function isAtLeast(version: string, [major = 0, minor = 0]: readonly number[]): boolean {
  const [at = 0, then = 0] = version.split(".").map((part) => Number.parseInt(part, 10) || 0);
  return at > major || (at === major && then >= minor);
}
