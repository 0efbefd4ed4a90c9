import type { IExecuteFunctions } from "n8n-workflow";
import {
  type InputFile,
  type ModelTransport,
  openModel,
  type Preset,
  presets,
  runCounted,
  SetupError,
  type VisionModel,
} from "../bridge/core.ts";
import { tasks } from "../bridge/tasks.ts";
import { n8nClock } from "./clock.ts";
import { asText, type HttpContext, request } from "./http.ts";
import { modelContext } from "./host.ts";
import type { Way } from "./way.ts";

/** Core runs inside n8n and asks a model server over n8n's own HTTP helper. */

export const MODEL_CREDENTIAL = "sightlineModelApi";

/** In place of the key: core marks the requests that carry one, and n8n sets it. */
const KEY_IS_SET_BY_N8N = "set-by-n8n";

/** Further tries of a request to a model server. */
const RETRIES = 3;

/** Items at a time where neither the user nor the preset says it. */
const CONCURRENCY = 4;

/** What the credential says. */
export interface ModelServer {
  readonly preset: Preset;
  readonly baseUrl: string;
  /** To be taken out of what a server says. */
  readonly key: string;
}

/** SetupError when the credential leads to no server. */
export async function modelServer(context: HttpContext): Promise<ModelServer> {
  const { provider, baseUrl, apiKey } = await context.getCredentials(MODEL_CREDENTIAL);
  const address = asText(baseUrl);
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) {
    throw new SetupError("The credential's Base URL is no address.", {
      hint: "It begins with http:// or https://, for example http://127.0.0.1:11434.",
    });
  }
  return { preset: presetFor(asText(provider), address), baseUrl: address, key: asText(apiKey) };
}

/** A vendor's own host says more than "OpenAI-compatible" does. */
function presetFor(provider: string, address: string): Preset {
  const byHost =
    provider === "openai-compatible"
      ? presets.find(
          ({ baseUrl, local, dialect }) =>
            dialect === provider && local !== true && baseUrl !== undefined && new URL(baseUrl).host === new URL(address).host,
        )
      : undefined;
  const preset = byHost ?? presets.find(({ name }) => name === provider);
  if (preset === undefined)
    throw new SetupError("The credential names no provider that is known.", { hint: "Choose one in the credential." });
  return preset;
}

/** The way to the model server: core says which requests carry the key, n8n's credential sets it. */
export function modelTransport(
  context: HttpContext,
  { key }: Pick<ModelServer, "key">,
  timeoutMs: number,
  retries = RETRIES,
): ModelTransport {
  return async (url, init = {}) => {
    const headers = new Headers(init.headers);
    const carriesKey = headers.has("authorization");
    headers.delete("authorization");
    const response = await request(
      context,
      {
        url: url instanceof Request ? url.url : String(url),
        method: init.method ?? "GET",
        headers: Object.fromEntries(headers),
        body: (init.body ?? undefined) as string | Uint8Array | undefined,
        signal: init.signal ?? undefined,
      },
      { credential: carriesKey ? MODEL_CREDENTIAL : undefined, timeoutMs, retries, clock: n8nClock, onWait: init.onWait },
    );
    if (response.ok || key === "") return response;
    // Some servers repeat the key they refuse.
    return new Response((await response.text()).replaceAll(key, "•••"), { status: response.status, headers: response.headers });
  };
}

export interface ModelWayOptions {
  /** The model's id; "" where the operation asks none. */
  readonly model: string;
  readonly timeoutMs: number;
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly contextTokens?: number | undefined;
}

export async function openModelWay(context: IExecuteFunctions, options: ModelWayOptions): Promise<Way> {
  const server = await modelServer(context);
  const model = options.model === "" ? undefined : opened(context, server, options);
  return {
    concurrency: server.preset.concurrency ?? CONCURRENCY,
    async run({ task, input, files, signal }) {
      const found = tasks.find(({ name }) => name === task);
      if (found === undefined) throw new Error(`There is no task ${task}.`);
      const given = new Map<string, InputFile>();
      for (const file of files) given.set(file.reference, await file.load());
      return runCounted(found, input, modelContext({ files: given, model, signal }));
    },
  };
}

function opened(context: IExecuteFunctions, { preset, baseUrl, key }: ModelServer, options: ModelWayOptions): VisionModel {
  return openModel(preset.name, {
    baseUrl,
    ...(key === "" ? {} : { apiKey: KEY_IS_SET_BY_N8N }),
    model: options.model,
    transport: modelTransport(context, { key }, options.timeoutMs),
    clock: n8nClock,
    contextTokens: options.contextTokens,
    // In one piece: nobody watches it come, and n8n's helper waits as long as it is told.
    parameters: { stream: false, maxTokens: options.maxTokens, temperature: options.temperature },
  });
}
