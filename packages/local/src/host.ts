import type { CallOptions, SetupError, TaskContext } from "@sightline/core";
import { chooseModel, type ModelChoice } from "./choose-model.ts";
import { resultsFolder, type Environment } from "./folders.ts";
import { listImages, type ListedImages } from "./input/list-images.ts";
import { createInputReader } from "./input/read.ts";
import { createImageCodec } from "./media/images.ts";
import { embeddedEyes } from "./perception/eyes.ts";
import { createRecognizers } from "./perception/recognizer.ts";
import { probeModel } from "./probe-model.ts";
import type { Settings, SettingName } from "./settings.ts";
import { folderStatus, type Status } from "./status.ts";
import { createStore } from "./store.ts";
import { jobs } from "./jobs.ts";
import { createPool } from "./worker/pool.ts";

export interface HostOptions {
  /** Absolute paths of single files that may be read besides the allowed folders: those a person named on the command line. */
  readonly files?: readonly string[];
  /** Default `process.env`. Only XDG_CACHE_HOME and OLLAMA_HOST are read. */
  readonly env?: Environment;
}

/** This machine's eyes, for any number of calls at a time. */
export interface Host {
  /** What a task works with, for one call. */
  context(call: { readonly signal: AbortSignal; readonly progress?: TaskContext["progress"] }): Promise<TaskContext>;
  status(options?: CallOptions): Promise<Status>;
  /** The newest pictures of the allowed folders. */
  listImages(options?: CallOptions & { readonly limit?: number | undefined }): Promise<ListedImages>;
  /** Ends every worker; calls that are under way fail. */
  close(): Promise<void>;
}

/** How long "there is no usable model" holds, in ms: an Ollama that is started later is found without a restart. */
const NO_MODEL_HOLDS = 30_000;

/** Creates a host. Nothing heavy is loaded, no process started and no server asked before the first call. */
export function createHost(settings: Settings, options: HostOptions = {}): Host {
  const { files = [], env = process.env } = options;
  const { allow } = settings;
  const results = resultsFolder(env);
  const input = createInputReader({ allow, files });
  const store = createStore({ folder: results });
  const pool = createPool({ jobs, mode: settings.workers ?? "auto" });
  const images = createImageCodec(pool);
  const recognizers = createRecognizers(pool);
  const modelChoice = remembered(
    () => chooseModel(settings, env),
    (choice) => (choice?.model === undefined ? NO_MODEL_HOLDS : Infinity),
  );

  return {
    async context({ signal, progress = () => {} }) {
      const choice = await modelChoice();
      signal.throwIfAborted();
      return { input, images, ...recognizers, store, model: choice?.model, signal, progress };
    },

    async status({ signal } = {}) {
      const [folders, eyes, model] = await Promise.all([
        folderStatus(allow),
        embeddedEyes(),
        modelChoice().then((choice) => modelStatus(choice, settings, signal)),
      ]);
      signal?.throwIfAborted();
      const broken = eyes
        .filter(({ ready }) => !ready)
        .map(({ ability }) => ({
          what: `weights for ${ability}`,
          command: "Install @sightline/local again; in a checkout: npx -y pnpm@12 run build",
        }));
      const unusable = folders
        .filter(({ readable }) => !readable)
        .map(({ path, problem }) => ({
          what: `allowed folder ${path} ${problem}`,
          command: "Create it, or correct --allow (SIGHTLINE_ALLOW).",
        }));
      const noFolder =
        allow.length > 0
          ? []
          : [{ what: "an allowed folder (the servers read files from nowhere else)", command: "--allow DIR, or SIGHTLINE_ALLOW=DIR" }];
      return {
        ...(model.status === undefined ? {} : { model: model.status }),
        embedded: eyes,
        allowed_folders: folders,
        results_folder: results,
        ...(settings.configFile === undefined ? {} : { config_file: settings.configFile }),
        settings: (Object.entries(settings.origins) as [SettingName, string][]).map(([name, source]) => ({ name, source })),
        missing: [...model.missing, ...broken, ...unusable, ...noFolder],
      };
    },

    listImages: ({ signal, limit } = {}) => listImages({ allow, signal, ...(limit === undefined ? {} : { limit }) }),
    close: () => pool.close(),
  };
}

/** Calls `make` once and keeps what it gives for as long as `holds` says (ms), for all who ask meanwhile. A failure is not kept. */
function remembered<Value>(make: () => Promise<Value>, holds: (value: Value) => number): () => Promise<Value> {
  let kept: { readonly value: Promise<Value>; until: number } | undefined;
  return async () => {
    if (kept === undefined || Date.now() >= kept.until) {
      const mine = { value: make(), until: Infinity };
      kept = mine;
      mine.value.then(
        (value) => (mine.until = Date.now() + holds(value)),
        () => (mine.until = 0),
      );
    }
    return kept.value;
  };
}

type ModelReport = { readonly status?: NonNullable<Status["model"]>; readonly missing: Status["missing"] };

/** What to say about the model: its server is asked, no picture is sent. */
async function modelStatus(choice: ModelChoice | undefined, settings: Settings, signal: AbortSignal | undefined): Promise<ModelReport> {
  if (settings.backend === "none") return { missing: [] };
  if (choice === undefined) {
    return {
      missing: [
        {
          what: "a vision model (for questions, and for descriptions in a model's words)",
          command: "Install Ollama and run `ollama pull qwen3-vl:8b`; or set SIGHTLINE_BASE_URL, SIGHTLINE_MODEL and SIGHTLINE_API_KEY.",
        },
      ],
    };
  }
  const { model, baseUrl, transport, textModel, foundBy } = choice;
  // A server that was just found has been asked already, and by Ollama's own name for the model.
  const probed =
    baseUrl === undefined || (foundBy === "detection" && settings.model === undefined)
      ? undefined
      : await probeModel(
          { baseUrl, transport, model: settings.model, apiKey: foundBy === "settings" ? settings.apiKey : undefined },
          signal,
        );
  const problem = probed ?? asProblem(choice.problem);
  return {
    status: {
      ...(choice.problem === undefined && model !== undefined
        ? { name: model.id, max_images: model.abilities.maxImages, long_side: model.abilities.longSide }
        : settings.model === undefined
          ? {}
          : { name: settings.model }),
      ...(textModel === undefined ? {} : { text_model: textModel }),
      ...(baseUrl === undefined ? {} : { server: baseUrl }),
      backend: model?.backend ?? "openai-compatible",
      found_by: foundBy,
      ready: problem === undefined,
    },
    missing: problem === undefined ? [] : [{ what: `a usable model: ${problem.problem}`, command: problem.mend }],
  };
}

function asProblem(error: SetupError | undefined): { problem: string; mend: string } | undefined {
  return error === undefined ? undefined : { problem: error.message.replace(/\.$/, ""), mend: error.hint ?? "" };
}
