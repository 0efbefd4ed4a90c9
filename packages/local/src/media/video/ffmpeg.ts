import type { OpenFile } from "@sightline/core";
import { SetupError } from "@sightline/core/errors";
import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import type { Readable } from "node:stream";
import { installLine } from "./install-line.ts";

/**
 * The one place that starts ffmpeg and ffprobe. Both come from PATH: no npm package of them is current and cleanly licensed.
 */

/** SetupError with the line that installs it here. */
function missing(program: string, cause: unknown): SetupError {
  return new SetupError(`Videos need ${program}, which is not on PATH.`, {
    hint: `Install FFmpeg: ${installLine()}`,
    cause,
  });
}

/**
 * Containers that hold pictures themselves. A playlist (HLS, DASH, concat) names other files, and would be read with this user's rights: none is here, and
 * besides `file` no protocol is.
 */
const CONTAINERS = ["mov", "matroska", "avi", "mpegts", "mpeg", "flv", "ogg", "asf"];

/** 8K has 33 megapixels. More than this is made to fill the memory. */
const MAX_PIXELS = 100_000_000;

/** Input options that go before every `-i`. */
export const GUARDED = ["-protocol_whitelist", "file", "-format_whitelist", CONTAINERS.join(), "-max_pixels", String(MAX_PIXELS)];

/** Each decoding thread holds frames of its own: 8K times all cores of a server would be gigabytes. */
export const THREADS = ["-threads", String(Math.min(4, availableParallelism()))];

/** All the program gets of our environment: no key of ours is its business. */
const PASSED_ON = ["PATH", "HOME", "LANG", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "SystemRoot", "windir"];

/** A program that is waited for and says nothing for this long is stuck, ms. */
export const SILENCE_MS = 60_000;

export interface Program extends ChildProcess {
  readonly stdout: Readable;
  readonly stderr: Readable;
}

/** The video as the programs are to open it: by the descriptor that was checked where the system has a name for it, so that nothing can be put in its place. */
export type VideoFile = Pick<OpenFile, "name" | "mediaType" | "path" | "descriptor">;

/** What stands for the file among the arguments. */
export const INPUT = process.platform === "linux" ? "file:/proc/self/fd/3" : undefined;

/** Those that run, ended with us. */
const alive = new Set<ChildProcess>();
const endAll = (): void => {
  for (const child of alive) child.kill("SIGKILL");
};

/** Starts a program on the file; `args` gets what to open. It is killed when `signal` fires. */
export function start(
  program: "ffmpeg" | "ffprobe",
  file: VideoFile,
  args: (input: string) => readonly string[],
  signal: AbortSignal | undefined,
): Program {
  const descriptors = INPUT === undefined ? [] : [file.descriptor];
  const child = spawnGuarded(program, args(INPUT ?? `file:${file.path}`), ["ignore", "pipe", "pipe", ...descriptors]);
  const kill = (): void => void child.kill("SIGKILL");
  signal?.addEventListener("abort", kill, { once: true });
  if (signal?.aborted === true) kill();
  const leave = (): void => signal?.removeEventListener("abort", kill);
  child.once("close", leave);
  child.once("error", leave);
  return child;
}

/** None of our environment but what is passed on, and ended with this process. */
function spawnGuarded(program: string, args: readonly string[], stdio: StdioOptions): Program {
  const env = Object.fromEntries(PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
  const child = spawn(program, ["-hide_banner", ...args], { env, stdio, windowsHide: true }) as Program;
  if (alive.size === 0) process.once("exit", endAll);
  alive.add(child);
  const over = (): void => {
    alive.delete(child);
    if (alive.size === 0) process.removeListener("exit", endAll);
  };
  child.once("close", over);
  child.once("error", over);
  return child;
}

/** Resolves when the program has ended, with its exit code. SetupError when it could not be started. */
export async function ended(program: Program): Promise<number | null> {
  try {
    if (program.exitCode !== null || program.signalCode !== null) return program.exitCode;
    const [code] = (await once(program, "close")) as [number | null];
    return code;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") throw missing(program.spawnfile, error);
    throw error;
  }
}

/** What is awaited of a program; it is killed, and what it writes ends, when that takes longer than `silenceMs`. */
export async function patiently<Value>(program: Program, awaited: Promise<Value>, silenceMs = SILENCE_MS): Promise<Value> {
  const silence = setTimeout(() => program.kill("SIGKILL"), silenceMs);
  try {
    return await awaited;
  } finally {
    clearTimeout(silence);
  }
}

/** What a program says of its own version, e.g. "5.1.9-0+deb12u1". SetupError when it is not there. */
export async function versionOf(program: "ffmpeg" | "ffprobe"): Promise<string> {
  const child = spawnGuarded(program, ["-version"], ["ignore", "pipe", "ignore"]);
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  await patiently(child, ended(child));
  return /^\w+ version (\S+)/.exec(text)?.[1] ?? "of an unknown version";
}

let passthrough: Promise<readonly string[]> | undefined;

/** The output option for "every frame once, at its own time": its name changed with version 5.1. SetupError when ffmpeg is not there. */
export function everyFrameOnce(): Promise<readonly string[]> {
  passthrough ??= (async () => {
    const [, major, minor] = /^n?(\d+)\.(\d+)/.exec(await versionOf("ffmpeg")) ?? [];
    // Builds of the day have no number and are new.
    const old = major !== undefined && (Number(major) < 5 || (Number(major) === 5 && Number(minor) < 1));
    return [old ? "-vsync" : "-fps_mode", "passthrough"];
  })();
  passthrough.catch(() => (passthrough = undefined));
  return passthrough;
}
