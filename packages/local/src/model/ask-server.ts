import {
  inspectServer,
  ModelError,
  type CallOptions,
  type Clock,
  type ModelTransport,
  type Preset,
  type ServerReport,
} from "@sightline/core";
import { TooSlow, within } from "./within.ts";

/** How long a server may take to say what it has, in ms: it may be busy with a model, or far away. */
const PATIENCE = 5_000;

/** What a server says of itself. SetupError, ModelError when it does not answer in time, or refuses. */
export async function askServer(
  { preset, baseUrl, apiKey }: { readonly preset: Preset; readonly baseUrl?: string | undefined; readonly apiKey?: string | undefined },
  { transport, clock, signal }: { readonly transport: ModelTransport; readonly clock: Clock } & CallOptions,
): Promise<ServerReport> {
  try {
    return await within(PATIENCE, { clock, signal }, (soon) =>
      inspectServer(preset.name, { baseUrl, apiKey, transport, clock, signal: soon }),
    );
  } catch (error) {
    if (!(error instanceof TooSlow)) throw error;
    throw new ModelError(
      `${preset.title}${baseUrl === undefined ? "" : ` at ${baseUrl}`} did not say within ${PATIENCE / 1000} s what it has.`,
      {
        hint: "It may still be loading, or be very busy: look into its log, and try again.",
        retryable: true,
      },
    );
  }
}
