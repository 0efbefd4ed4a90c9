/**
 * Who may import whom, as data: the table of the architecture (docs/design.md). Test files are outside it: they may import what they test with.
 */

/** A room: the source files that share one rule. Every source file of a package lies in exactly one. */
export interface Room {
  readonly name: string;
  /** Relative to the package's `root`: a file, or a folder with all that is in it ("tasks/"). */
  readonly files: readonly string[];
  /** Names of rooms of the same package. A room may always import itself. */
  readonly rooms: readonly string[];
  /** False where no package of this workspace may be imported, whatever the package may. */
  readonly workspace?: false;
  /** Packages by name; `node:*` stands for Node's own modules, `own` for all that the package.json declares. */
  readonly packages: readonly string[];
}

export interface PackageRules {
  readonly folder: string;
  /** The folder of its sources in it; default "src". "" where they lie in several: then those that the rooms name. */
  readonly root?: string;
  readonly rooms: readonly Room[];
  /** Packages of this workspace it may import, by what their `exports` name. */
  readonly workspace: readonly string[];
  /** True where files, environment, network, clock and native code may come in through ports only. */
  readonly machineless?: boolean;
  /** Files that are a process of their own: its streams are theirs, and they may import a module by a name they are handed. */
  readonly processes?: readonly string[];
  /** True for a program: standard output and standard error are its own. */
  readonly door?: boolean;
}

const EVERYTHING = ["/"];

export const PACKAGES: readonly PackageRules[] = [
  {
    folder: "packages/core",
    workspace: [],
    machineless: true,
    rooms: [
      {
        name: "base",
        files: [
          "best-rows.ts",
          "errors.ts",
          "layout/",
          "missing-numbers.ts",
          "page.ts",
          "reading-order.ts",
          "split-text.ts",
          "text-quote.ts",
          "tokens.ts",
          "families/",
        ],
        rooms: [],
        packages: [],
      },
      // Rows for spreadsheets; the library is loaded at first use.
      { name: "csv", files: ["csv.ts"], rooms: [], packages: ["csv-stringify"] },
      { name: "ports", files: ["ports.ts"], rooms: ["base"], packages: ["zod"] },
      // When a server is asked again: the machine's clock through its port.
      { name: "retry", files: ["retry.ts"], rooms: ["base", "ports"], packages: [] },
      { name: "model", files: ["model.ts"], rooms: ["base", "ports"], packages: ["zod"] },
      // The colours of a thing that was detected, through the ports.
      { name: "colors", files: ["thing-colors.ts"], rooms: ["base", "ports"], packages: [] },
      // A document page by page, through the ports.
      { name: "reading", files: ["read-document.ts"], rooms: ["base", "ports"], packages: [] },
      {
        name: "answer",
        files: [
          "answer.ts",
          "ask.ts",
          "loop.ts",
          "model-images.ts",
          "model-pages.ts",
          "named-numbers.ts",
          "non-answer.ts",
          "partial-words.ts",
          "refusal-phrases.ts",
          "text-model.ts",
          "translation.ts",
        ],
        rooms: ["base", "ports", "model"],
        packages: ["zod", "jsonrepair", "partial-json"],
      },
      { name: "shapes", files: ["shapes.ts", "scene.ts"], rooms: ["base", "ports"], packages: ["zod"] },
      // Pure: what a question for a thing in a picture asks, and whether what was seen is it.
      { name: "query", files: ["query/"], rooms: ["base", "ports"], packages: [] },
      // Pure: what an invoice is and the rules that check it. Libraries for decimals, XML, IBANs, VAT ids and CSV, loaded at first use.
      {
        name: "invoice",
        files: ["invoice/"],
        rooms: ["base", "shapes", "csv"],
        packages: ["zod", "big.js", "fast-xml-parser", "ibantools", "jsvat"],
      },
      // What stands where on pages; numbers and dates are read as invoices' rules read them.
      { name: "grounding", files: ["grounding.ts", "printed-as.ts"], rooms: ["base", "invoice"], packages: [] },
      // A page as a model writes it out, held to the page's own lines.
      { name: "transcribe", files: ["transcribe.ts"], rooms: ["base", "model", "answer", "grounding"], packages: [] },
      // An invoice from whichever source a file has.
      {
        name: "read-invoice",
        files: ["read-invoice/"],
        rooms: ["base", "ports", "model", "reading", "answer", "shapes", "invoice", "grounding", "task"],
        packages: ["zod"],
      },
      // The ways to find something: by the machine's own eyes, or by a model in the way its family can point.
      { name: "locate", files: ["locate/"], rooms: ["base", "ports", "model", "answer", "shapes", "query", "colors"], packages: ["zod"] },
      // Any document in the user's own shape.
      {
        name: "extract-data",
        files: ["extract-data/"],
        rooms: ["base", "answer", "invoice", "grounding", "task"],
        packages: ["zod"],
      },
      {
        name: "task",
        files: ["task.ts", "correcting.ts", "input-problems.ts", "usage.ts"],
        rooms: ["base", "ports", "model", "answer", "shapes", "csv", "grounding"],
        packages: ["zod"],
      },
      // What corrected answers are for: how right another answer is, and what a model is to be taught. Runs any task, and knows none; of the backends it takes how a prompt is sent.
      {
        name: "corrections",
        files: ["corrections/"],
        rooms: ["base", "ports", "model", "invoice", "grounding", "task", "backends"],
        packages: [],
      },
      // Finding and describing over time: which frames to look at, by the machine's own eyes or on sheets for a model.
      {
        name: "video",
        files: ["video/"],
        rooms: ["base", "ports", "model", "answer", "shapes", "query", "colors", "task"],
        packages: ["zod"],
      },
      // Never a backend or a host.
      {
        name: "tasks",
        files: ["tasks/"],
        rooms: [
          "base",
          "ports",
          "model",
          "reading",
          "answer",
          "shapes",
          "query",
          "locate",
          "invoice",
          "grounding",
          "read-invoice",
          "extract-data",
          "transcribe",
          "task",
          "video",
        ],
        packages: ["zod"],
      },
      // Never a task. The client library of their dialect, nothing more.
      { name: "backends", files: ["backends/"], rooms: ["base", "ports", "model"], packages: ["openai"] },
      {
        name: "index",
        files: ["index.ts"],
        rooms: [
          "base",
          "ports",
          "model",
          "reading",
          "retry",
          "answer",
          "shapes",
          "csv",
          "query",
          "invoice",
          "corrections",
          "task",
          "tasks",
          "backends",
        ],
        packages: [],
      },
    ],
  },
  {
    folder: "packages/local",
    workspace: ["@sightline/core"],
    // Is handed the table of jobs it is to run, and keeps what a library prints off the parent's streams.
    processes: ["worker/child.ts"],
    rooms: [
      { name: "folders", files: ["folders.ts", "private-folder.ts"], rooms: [], packages: ["node:*"] },
      { name: "input", files: ["input/"], rooms: ["folders"], packages: ["own", "node:*"] },
      { name: "waiting", files: ["soon.ts", "unless-cancelled.ts"], rooms: [], packages: [] },
      { name: "jobs", files: ["jobs/"], rooms: ["folders", "waiting"], packages: ["own", "node:*"] },
      { name: "store", files: ["store.ts", "stored-file.ts"], rooms: ["folders", "input"], packages: ["own", "node:*"] },
      { name: "corrections", files: ["corrections/"], rooms: ["folders"], packages: ["own", "node:*"] },
      { name: "settings", files: ["settings/"], rooms: ["folders", "input"], packages: ["own", "node:*"] },
      { name: "worker", files: ["worker/"], rooms: [], packages: ["own", "node:*"] },
      // The table names the work that media and perception do in the workers; they hand it to the pool.
      { name: "worker-jobs", files: ["worker-jobs.ts"], rooms: ["worker", "media", "document", "perception"], packages: [] },
      { name: "media", files: ["media/"], rooms: ["folders", "worker", "worker-jobs", "input"], packages: ["own", "node:*"] },
      { name: "document", files: ["document/"], rooms: ["worker", "worker-jobs", "media"], packages: ["own", "node:*"] },
      { name: "perception", files: ["perception/"], rooms: ["worker", "worker-jobs", "media"], packages: ["own", "node:*"] },
      {
        name: "model",
        files: ["model/"],
        // Of input it takes the judgement of addresses: what is public, what may be connected to.
        rooms: ["waiting", "folders", "settings", "input", "telemetry"],
        packages: ["own", "node:*"],
      },
      // What can be seen of the work from outside: counted, traced, logged.
      { name: "telemetry", files: ["telemetry/", "log.ts"], rooms: ["folders"], packages: ["own", "node:*"] },
      // What several processes share: the same ports as jobs, store and model have for one of them.
      { name: "redis", files: ["redis/"], rooms: ["waiting", "jobs", "store", "model", "telemetry"], packages: ["own", "node:*"] },
      {
        name: "host",
        files: ["host.ts", "model-status.ts", "status.ts", "index.ts", "text-progress.ts"],
        rooms: [
          "folders",
          "waiting",
          "input",
          "store",
          "corrections",
          "settings",
          "worker",
          "worker-jobs",
          "jobs",
          "media",
          "document",
          "perception",
          "model",
          "redis",
          "telemetry",
        ],
        packages: ["own", "node:*"],
      },
    ],
  },
  {
    folder: "packages/cli",
    workspace: ["@sightline/core", "@sightline/local"],
    door: true,
    rooms: [{ name: "cli", files: EVERYTHING, rooms: [], packages: ["own", "node:*"] }],
  },
  {
    folder: "packages/mcp-server",
    workspace: ["@sightline/core", "@sightline/local"],
    door: true,
    rooms: [{ name: "mcp-server", files: EVERYTHING, rooms: [], packages: ["own", "node:*"] }],
  },
  {
    // Runs in browsers: it speaks to the server over the protocol, and shares no code with it.
    folder: "packages/viewer",
    workspace: [],
    rooms: [
      { name: "view", files: ["view/"], rooms: [], packages: [] },
      { name: "call", files: ["call/"], rooms: ["view"], packages: ["@modelcontextprotocol/client"] },
      { name: "parts", files: ["parts/"], rooms: ["view", "call"], packages: ["preact"] },
      { name: "no-eval", files: ["no-eval.ts"], rooms: [], packages: ["zod"] },
      { name: "app", files: ["app/"], rooms: ["view", "call", "parts", "no-eval"], packages: ["preact", "@modelcontextprotocol/ext-apps"] },
      {
        name: "playground",
        files: ["playground/"],
        rooms: ["view", "call", "parts", "no-eval"],
        packages: ["preact", "@modelcontextprotocol/client"],
      },
    ],
  },
  {
    folder: "packages/n8n-node",
    // Where n8n looks for them.
    root: "",
    workspace: ["@sightline/core"],
    // Neither files nor environment nor timers either: n8n's own scanner (test/n8n) holds sources and bundle to that.
    rooms: [
      { name: "nodes", files: ["nodes/"], rooms: ["lib"], workspace: false, packages: ["n8n-workflow"] },
      { name: "credentials", files: ["credentials/"], rooms: [], workspace: false, packages: ["n8n-workflow"] },
      { name: "bridge", files: ["bridge/"], rooms: [], packages: [] },
      {
        name: "lib",
        files: ["lib/"],
        rooms: ["bridge"],
        workspace: false,
        packages: ["n8n-workflow", "image-size", "@cantoo/pdf-lib"],
      },
    ],
  },
];

/** Libraries that load trained weights: each stands behind a port, in one file. */
export const MACHINE_LEARNING_RUNTIMES: readonly string[] = [
  "onnxruntime-node",
  "onnxruntime-web",
  "onnxruntime-common",
  "tesseract.js",
  "tesseract.js-core",
  "tesseract-wasm",
  "@huggingface/transformers",
  "@tensorflow/tfjs",
  "@tensorflow/tfjs-core",
  "@tensorflow/tfjs-node",
];
