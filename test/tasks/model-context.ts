import { type AnswerCache, type AskedQuestion, type ModelOptions, openModel, type TaskContext } from "@sightline/core";
import { createInputReader } from "../../packages/local/src/input/read.ts";
import { createDocumentReader } from "../../packages/local/src/document/reader.ts";
import { jobs } from "../../packages/local/src/worker-jobs.ts";
import { createImageCodec } from "../../packages/local/src/media/images.ts";
import { systemClock } from "../../packages/local/src/model/clock.ts";
import { createVideoReader } from "../../packages/local/src/media/video/reader.ts";
import { createModelTransport } from "../../packages/local/src/model/transport.ts";
import { createRecognizers } from "../../packages/local/src/perception/recognizer.ts";
import { createStore } from "../../packages/local/src/store.ts";
import { createPool } from "../../packages/local/src/worker/pool.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { startStandInModel, type StandInModel, type StandInOptions } from "../model/stand-in-server.ts";

export const SAMPLES = fileURLToPath(new URL("../../examples/samples/", import.meta.url));
export const sample = (name: string): string => `${SAMPLES}${name}`;

export interface ModelContext {
  readonly server: StandInModel;
  readonly context: TaskContext;
  /** What was told so far. */
  readonly told: string[];
  /** The words shown so far, each state of them. */
  readonly shown: string[];
}

export interface ModelContextOptions extends Partial<TaskContext> {
  readonly standIn?: StandInOptions;
  readonly options?: Partial<ModelOptions>;
  /** A second stand-in for steps without a picture. Default: the first. */
  readonly textStandIn?: StandInOptions;
}

/** Started by whoever looks first: one for all tests of a file. */
let pool: ReturnType<typeof createPool<typeof jobs.table>> | undefined;

export async function closeEyes(): Promise<void> {
  await pool?.close();
  pool = undefined;
}

/** This machine's eyes, which `closeEyes` closes, and one or two stand-ins as its models. */
export async function startModelContext(
  given: ModelContextOptions = {},
): Promise<ModelContext & { close(): Promise<void>; textServer: StandInModel }> {
  const { standIn = {}, textStandIn, options = {}, ...parts } = given;
  const folder = await mkdtemp(path.join(tmpdir(), "sightline-tasks-"));
  const server = await startStandInModel(standIn);
  const textServer = textStandIn === undefined ? server : await startStandInModel(textStandIn);
  pool ??= createPool({ jobs });
  const transport = createModelTransport({ retries: 0 });
  const open = ({ baseUrl, model }: StandInModel) =>
    openModel("openai-compatible", { baseUrl, model, transport, clock: systemClock, ...options });
  const told: string[] = [];
  const shown: string[] = [];
  const context: TaskContext = {
    input: createInputReader({ allow: [SAMPLES], files: [] }),
    images: createImageCodec(pool),
    documents: createDocumentReader(pool),
    videos: createVideoReader(pool, { folder: path.join(folder, "videos"), version: async () => "0.0.0" }),
    ...createRecognizers(pool),
    store: createStore({ folder, uploads: { folder: path.join(folder, "uploads") } }),
    model: open(server),
    textModel: open(textServer),
    fallback: "none",
    original: false,
    signal: AbortSignal.timeout(60_000),
    progress: (message, done, total) => void told.push(total === undefined ? message : `${message} (${done}/${total})`),
    onText: (soFar) => void shown.push(soFar),
    ...parts,
  };
  return {
    server,
    textServer,
    context,
    told,
    shown,
    async close() {
      await server.close();
      if (textServer !== server) await textServer.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An answer cache as simple as can be, that shows what is in it. */
export function openCache(): AnswerCache & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  const key = (question: AskedQuestion): string =>
    JSON.stringify({ ...question, images: question.images.map(({ bytes }) => Buffer.from(bytes).toString("base64")) });
  return {
    kept,
    find: async (question) => kept.get(key(question)),
    keep: async (question, answer) => void kept.set(key(question), answer),
  };
}
