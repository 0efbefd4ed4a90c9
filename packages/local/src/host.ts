import { SetupError, type CallOptions, type Clock, type FileStore, type TaskContext } from "@sightline/core";
import { readFile } from "node:fs/promises";
import { keepCorrection, type Kept } from "./corrections/keep.ts";
import { createDocumentReader } from "./document/reader.ts";
import { answersFolder, observationsFolder, resultsFolder, uploadsFolder, type Environment } from "./folders.ts";
import { listReceived } from "./input/list-received.ts";
import { listImages, type ListedImages } from "./input/list-images.ts";
import { createInputReader } from "./input/read.ts";
import { jobs } from "./worker-jobs.ts";
import { createImageCodec } from "./media/images.ts";
import { createVideoReader } from "./media/video/reader.ts";
import { videoPrograms } from "./media/video/video-programs.ts";
import type { AnswerCacheStatus, OpenAnswerCache, SharedText } from "./model/answer-cache.ts";
import { systemClock } from "./model/clock.ts";
import type { Addresses } from "./model/known-servers.ts";
import type { RateLimiter } from "./model/rate-limit.ts";
import { modelStatus } from "./model-status.ts";
import { COCO_LABELS } from "./perception/coco-labels.ts";
import { embeddedEyes } from "./perception/eyes.ts";
import { createRecognizers } from "./perception/recognizer.ts";
import type { Shared } from "./redis/index.ts";
import type { Settings } from "./settings/load.ts";
import type { SettingName } from "./settings/table.ts";
import { folderStatus, type Status } from "./status.ts";
import type { Observer } from "./telemetry/events.ts";
import { createStore } from "./store.ts";
import { textAsProgress } from "./text-progress.ts";
import { unlessCancelled } from "./unless-cancelled.ts";
import { createPool } from "./worker/pool.ts";

export interface HostOptions {
  /** Absolute paths of single files that may be read besides the allowed folders: those a person named on the command line. */
  readonly files?: readonly string[];
  /** False: no path of this machine is read or listed, whatever is allowed, because the callers are on others. Default true. */
  readonly paths?: boolean;
  /** Default `process.env`. Only XDG_CACHE_HOME, OLLAMA_HOST and the presets' key variables are read. */
  readonly env?: Environment;
  /** Where model servers are looked for, in place of their usual addresses. */
  readonly addresses?: Addresses;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Told when what is shared with others is lost and found again. Default: nobody. */
  readonly log?: (words: string) => void;
  /** Told what can be counted. */
  readonly observer?: Observer;
}

export interface Call {
  readonly signal: AbortSignal;
  readonly progress?: TaskContext["progress"] | undefined;
  /** Shown the model's words as they come. */
  readonly onText?: TaskContext["onText"];
}

/** This machine's eyes, for any number of calls at a time. */
export interface Host {
  /** Files by handle: results, and what other programs hand in. */
  readonly files: FileStore;
  /** The kinds of things that are found without a model. */
  readonly labels: readonly string[];
  /** What is shared with other Sightlines; undefined without `--redis`. SetupError when it cannot be reached. */
  shared(): Promise<Shared | undefined>;
  /** What a task works with, for one call. */
  context(call: Call): Promise<TaskContext>;
  /** What is set up. The model server is asked what it has; no model is asked anything. */
  status(options?: CallOptions): Promise<Status>;
  /** The status, and a tiny picture asked about: that a model is listed proves little. Takes half a minute at most beyond a status. */
  diagnose(options?: CallOptions & Pick<Call, "progress">): Promise<Status>;
  /** Removes the answers of models that are kept on disk; returns what was there. */
  clearAnswers(): Promise<AnswerCacheStatus>;
  /** The newest pictures of the allowed folders, or of those handed in where no path is read; with `documents` PDFs too. */
  listImages(
    options?: CallOptions & { readonly limit?: number | undefined; readonly documents?: boolean | undefined },
  ): Promise<ListedImages>;
  /** Keeps an answer that a person corrected. InputError for one that cannot be used, SetupError where none are kept. Its files are read through `context`. */
  keepCorrection(given: unknown, context: TaskContext): Promise<Kept>;
  /** Ends every worker; calls that are under way fail. */
  close(): Promise<void>;
}

/** How long "there is no usable model" holds, in ms: a server that is started later is found without a restart. */
const NO_MODEL_HOLDS = 30_000;

/** Creates a host. Nothing heavy is loaded, no process started and no server asked before the first call. */
export function createHost(settings: Settings, options: HostOptions = {}): Host {
  const { files = [], paths = true, env = process.env, clock = systemClock, addresses, log = () => {}, observer = {} } = options;
  const { allow, redis } = settings;
  const results = resultsFolder(env);
  let opened: Promise<Shared | undefined> | undefined;
  function shared(): Promise<Shared | undefined> {
    // Loaded now: who works alone needs none of it.
    opened ??=
      redis === undefined ? Promise.resolve(undefined) : import("./redis/index.ts").then(({ openShared }) => openShared(redis, log));
    opened.catch(() => (opened = undefined));
    return opened;
  }
  const store = createStore({
    folder: results,
    uploads: { folder: uploadsFolder(env) },
    shared: redis === undefined ? undefined : async () => (await shared())?.files,
  });
  const input = createInputReader({ allow, files, paths, find: store.find });
  const pool = createPool({ jobs, mode: settings.workers ?? "auto", onKill: observer.killed });
  const images = createImageCodec(pool);
  const documents = createDocumentReader(pool, { password: settings.documentPassword });
  const videos = createVideoReader(pool, { folder: observationsFolder(env), version: ownVersion });
  const recognizers = createRecognizers(pool);

  // Choosing is for all calls, so no one call's end may end it.
  const closing = new AbortController();
  const models = remembered(
    async () => {
      // Loaded now: whoever asks for no model needs none of it.
      const { openModels } = await import("./model/open-models.ts");
      const rateLimiter = await openRateLimiter(settings.rateLimit, await shared(), clock);
      return openModels(settings, {
        env,
        clock,
        rateLimiter,
        asked: observer.asked,
        signal: closing.signal,
        ...(addresses === undefined ? {} : { addresses }),
      });
    },
    ({ choice }) => (choice === undefined || choice.problem !== undefined ? NO_MODEL_HOLDS : Infinity),
    clock,
  );
  const answers = remembered(
    async () => openAnswers(settings.cache === true ? answersFolder(env) : undefined, (await shared())?.answers),
    () => Infinity,
    clock,
  );

  async function statusOf({ signal, progress, probing }: CallOptions & Pick<Call, "progress"> & { probing: boolean }): Promise<Status> {
    const [folders, eyes, programs, kept, others, { model, pictures, missing }] = await Promise.all([
      folderStatus(allow),
      embeddedEyes(),
      videoPrograms(),
      openAnswers(answersFolder(env)).then((cache) => cache.status()),
      shared().then(async (all) => (all === undefined ? undefined : { server: all.address, ...(await all.counts()) })),
      unlessCancelled(models(), signal).then(({ choice, model: probe }) =>
        modelStatus(choice, settings, { signal, clock, ...(probing ? { probe } : {}), onWait: progress }),
      ),
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
      ...(model === undefined ? {} : { model }),
      pictures,
      embedded: [...eyes, { ability: "videos", by: programs.by, ready: programs.ready }],
      allowed_folders: folders,
      results_folder: results,
      answers: { entries: kept.entries, bytes: kept.bytes, folder: answersFolder(env), in_use: settings.cache === true },
      ...(others === undefined ? {} : { redis: others }),
      ...(settings.configFile === undefined ? {} : { config_file: settings.configFile }),
      settings: (Object.entries(settings.origins) as [SettingName, string][]).map(([name, source]) => ({ name, source })),
      missing: [...missing, ...broken, ...(programs.missing === undefined ? [] : [programs.missing]), ...unusable, ...noFolder],
    };
  }

  return {
    files: store,
    shared,
    labels: [...COCO_LABELS.values()],

    async context({ signal, progress = () => {}, onText = settings.stream === true ? textAsProgress(progress) : undefined }) {
      const [{ model, textModel }, kept] = await unlessCancelled(Promise.all([models(), answers()]), signal);
      return {
        input,
        images,
        documents,
        videos,
        ...recognizers,
        store,
        model,
        textModel,
        fallback: settings.fallback ?? "none",
        original: settings.original ?? false,
        answers: observedAnswers(kept, observer),
        signal,
        progress,
        onText,
      };
    },

    status: ({ signal } = {}) => statusOf({ signal, probing: false }),
    diagnose: ({ signal, progress } = {}) => statusOf({ signal, progress, probing: true }),

    async clearAnswers() {
      const cache = await openAnswers(answersFolder(env));
      const before = await cache.status();
      await cache.clear();
      return before;
    },

    listImages({ signal, limit = 20, documents } = {}) {
      return paths ? listImages({ allow, signal, limit, documents }) : listReceived(store, limit, documents);
    },

    async keepCorrection(given, context) {
      if (settings.keepCorrections === undefined) {
        throw new SetupError("No corrections are kept here.", {
          hint: "Name a folder for them with --keep-corrections DIR (SIGHTLINE_KEEP_CORRECTIONS).",
        });
      }
      return keepCorrection(settings.keepCorrections, given, context, { version: await ownVersion() });
    },

    async close() {
      closing.abort(new Error("the host was closed"));
      await pool.close();
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}

/** The cache, counted. */
function observedAnswers(answers: OpenAnswerCache, { cached }: Observer): OpenAnswerCache {
  if (cached === undefined) return answers;
  return {
    ...answers,
    async find(question) {
      const answer = await answers.find(question);
      cached(answer !== undefined);
      return answer;
    },
  };
}

async function openRateLimiter(rate: Settings["rateLimit"], shared: Shared | undefined, clock: Clock): Promise<RateLimiter | undefined> {
  if (rate === undefined) return undefined;
  if (shared !== undefined) return shared.rateLimiter(rate.everyMs);
  const { createRateLimiter } = await import("./model/rate-limit.ts");
  return createRateLimiter(rate.everyMs, clock);
}

async function openAnswers(folder: string | undefined, shared?: SharedText): Promise<OpenAnswerCache> {
  const [{ createAnswerCache }, version] = await Promise.all([import("./model/answer-cache.ts"), ownVersion()]);
  return createAnswerCache({ version, folder, shared });
}

/** This package's version. */
async function ownVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  return version;
}

/** Calls `make` once and keeps what it gives for as long as `holds` says (ms), for all who ask meanwhile. A failure is not kept. */
function remembered<Value>(make: () => Promise<Value>, holds: (value: Value) => number, clock: Clock): () => Promise<Value> {
  let kept: { readonly value: Promise<Value>; until: number } | undefined;
  return async () => {
    if (kept === undefined || clock.now() >= kept.until) {
      const mine = { value: make(), until: Infinity };
      kept = mine;
      mine.value.then(
        (value) => (mine.until = clock.now() + holds(value)),
        () => (mine.until = 0),
      );
    }
    return kept.value;
  };
}
