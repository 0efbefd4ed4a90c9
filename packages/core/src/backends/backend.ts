import type { CallOptions, Clock, ModelTransport } from "../ports.ts";
import type { RequestParameters, VisionModel } from "../model.ts";
import type { Preset } from "./presets.ts";

/** A server, as the operator named it. */
export interface ServerOptions {
  /** Where the API begins; default: the preset's. SetupError when there is neither. */
  readonly baseUrl?: string | undefined;
  /** Absent for servers that want none; then none is sent. */
  readonly apiKey?: string | undefined;
  readonly transport: ModelTransport;
  readonly clock: Clock;
}

export interface ModelOptions extends ServerOptions {
  readonly model: string;
  /** Pictures one request may carry, where the operator knows better than family and preset do. */
  readonly maxImages?: number | undefined;
  /** Tokens of context, where the operator knows or chooses them. */
  readonly contextTokens?: number | undefined;
  /** Longest context the model was trained for, in tokens, where the server was asked: more is never asked for. */
  readonly trainedContextTokens?: number | undefined;
  readonly parameters?: RequestParameters | undefined;
}

/** What a server says of a model. What it does not say is left out. */
export interface ListedModel {
  readonly id: string;
  /** Whether it takes pictures. */
  readonly vision?: boolean | undefined;
  /** Whether it answers in words at all: embedding models do not. */
  readonly chat?: boolean | undefined;
  /** Longest context it was trained or started for, in tokens. */
  readonly contextTokens?: number | undefined;
  /** Context it is loaded with now, in tokens. */
  readonly contextInUse?: number | undefined;
  readonly sizeBytes?: number | undefined;
  /** The model's architecture in the server's words: "mllama", "gemma4", … */
  readonly family?: string | undefined;
  /** Where it really runs, when the server only passes questions on. */
  readonly remoteHost?: string | undefined;
}

/** What a server says of itself. */
export interface ServerReport {
  readonly version?: string | undefined;
  /** Undefined when it has no such list. */
  readonly models: readonly ListedModel[] | undefined;
}

/**
 * A dialect: how one kind of server is spoken to. A preset says where, under which key and with what limits.
 */
export interface Backend {
  readonly name: string;
  /** SetupError when the options cannot lead to a model; nothing is sent yet. */
  open(preset: Preset, options: ModelOptions): VisionModel;
  /** Asks the server what it is and has. No model is loaded by it. SetupError, ModelError as `ask` does. */
  inspect(preset: Preset, options: ServerOptions & CallOptions): Promise<ServerReport>;
}

export function defineBackend(backend: Backend): Backend {
  return backend;
}
