import { SingleBar } from "cli-progress";
import { basename } from "node:path";
import type { Row } from "./row.ts";

/** Shows how far a batch has come. */
export interface BatchReport {
  /** Before the first file: what is being looked at. */
  looking(done: number, total: number): void;
  /** `total` files are to be done. */
  begin(total: number): void;
  /** What is being done in one of the files under way. */
  step(message: string): void;
  /** What whoever started it should know now. */
  note(message: string): void;
  done(row: Row): void;
  end(): void;
}

/** A bar with rate and time left on a terminal, a line a file anywhere else; on standard error. */
export function createReport(stream: NodeJS.WriteStream = process.stderr): BatchReport {
  return stream.isTTY ? barReport(stream) : lineReport(stream);
}

function lineReport(stream: NodeJS.WriteStream): BatchReport {
  let total = 0;
  let done = 0;
  return {
    looking() {},
    begin(files) {
      total = files;
    },
    step() {},
    note(message) {
      stream.write(`sightline: ${message}\n`);
    },
    done(row) {
      done += 1;
      stream.write(`[${done}/${total}] ${inOneLine(row.file)}: ${outcome(row)}\n`);
    },
    end() {},
  };
}

function outcome({ file, status, error, seconds, same_as: sameAs, duplicate_of: copies }: Row): string {
  if (error !== undefined) return `failed: ${error.kind}: ${problemOf(file, error.message)}`;
  const how = sameAs === undefined ? `${status} in ${seconds ?? 0} s` : `the same as ${inOneLine(sameAs)}`;
  return copies === undefined ? how : `${how}; a copy of ${copies.map(inOneLine).join(", ")}`;
}

function barReport(stream: NodeJS.WriteStream): BatchReport {
  const bar = new SingleBar({
    stream,
    format: "{bar} {value}/{total} · {rate} · {left}{failed}{what}",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    linewrap: false,
    // A file may take minutes: the time left goes on meanwhile.
    forceRedraw: true,
  });
  let failed = 0;
  let done = 0;
  let total = 0;
  let started = 0;
  let what = "";

  const payload = (): object => {
    const seconds = (performance.now() - started) / 1000;
    return {
      rate: done === 0 ? "– files/s" : rateOf(done, seconds),
      left: done === 0 ? "– left" : `${durationOf(Math.ceil((seconds / done) * (total - done)))} left`,
      failed: failed === 0 ? "" : ` · ${failed} failed`,
      what: what === "" ? "" : ` · ${what}`,
    };
  };
  const step = (message: string): void => {
    what = inOneLine(message).slice(0, 60);
    if (bar.isActive) bar.update(payload());
  };
  return {
    looking(at, of) {
      stream.write(`\rLooking which files have changed (${at}/${of})`);
      if (at === of) stream.write("\r\u001B[2K");
    },
    begin(files) {
      [total, started] = [files, performance.now()];
      if (files > 0) bar.start(files, 0, payload());
    },
    step,
    note: step,
    done(row) {
      done += 1;
      if (row.error !== undefined) failed += 1;
      if (bar.isActive) bar.update(done, payload());
    },
    end() {
      bar.stop();
    },
  };
}

/** "2.5 files/s", "12 files/min". */
export function rateOf(files: number, seconds: number): string {
  const rate = files / Math.max(seconds, 0.001);
  return rate >= 1 ? `${rate.toFixed(1)} files/s` : `${(rate * 60).toFixed(1)} files/min`;
}

/** "8 s", "3 min 12 s", "2 h 5 min". */
export function durationOf(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${seconds < 10 && !Number.isInteger(seconds) ? seconds.toFixed(1) : whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** What went wrong with a file, behind its name: most messages begin with that by themselves. */
export function problemOf(file: string, message: string): string {
  const name = `${basename(file)}: `;
  return inOneLine(message.startsWith(name) ? message.slice(name.length) : message);
}

/** A file may be called anything: nothing of it reaches the terminal as a command. */
export function inOneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ");
}
