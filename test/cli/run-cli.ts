/** The built command line as a real process. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { presets } from "@sightline/core";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BIN = "packages/cli/dist/sightline.js";
export const SAMPLES = fileURLToPath(new URL("../../examples/samples", import.meta.url));

if (!existsSync(path.join(ROOT, BIN))) throw new Error(`${BIN} is missing: run \`npx -y pnpm@12 build\` first`);

export interface Outcome {
  /** Exit code; the signal's name when one ended it. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcessWithoutNullStreams;
  readonly outcome: Promise<Outcome>;
}

export interface CliOptions {
  /** What is started, relative to the repository. Default: the built command line. */
  readonly bin?: string;
  /** What is piped in. "open": nothing yet; the test writes by itself. */
  readonly stdin?: Uint8Array | "open";
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Variables by which a model server would be found. */
const FINDS_SERVERS: ReadonlySet<string> = new Set(["OLLAMA_HOST", ...presets.flatMap(({ keyVariables }) => keyVariables)]);

/** The environment without what would set Sightline up: each test says what holds. */
function environment(extra: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("SIGHTLINE_") && !FINDS_SERVERS.has(name));
  const nowhere = path.join(SAMPLES, "no-such-folder");
  return { ...Object.fromEntries(own), XDG_CONFIG_HOME: nowhere, SIGHTLINE_BACKEND: "none", ...extra };
}

export function startCli(args: readonly string[], { bin = BIN, stdin, cwd = SAMPLES, env }: CliOptions = {}): Running {
  const child = spawn(process.execPath, [path.join(ROOT, bin), ...args], { cwd, env: environment(env) });
  const outcome = new Promise<Outcome>((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code: code ?? signal ?? "unknown", stdout, stderr }));
  });
  // A process that needs no input may end before it is written.
  child.stdin.on("error", () => {});
  if (stdin !== "open") child.stdin.end(stdin);
  return { process: child, outcome };
}

export function runCli(args: readonly string[], options?: CliOptions): Promise<Outcome> {
  return startCli(args, options).outcome;
}

/** The one error that `--json` puts on standard error. */
export function errorOf({ stderr }: Outcome): {
  readonly kind: string;
  readonly message: string;
  readonly hint?: string;
  readonly file?: string;
} {
  return (JSON.parse(stderr) as { error: { kind: string; message: string } }).error;
}
