import { durationOf, inOneLine, problemOf, rateOf } from "./report.ts";
import type { KnownRow } from "./results-file.ts";

export interface Summary {
  /** Files that were named. */
  readonly files: number;
  /** Read in this run, whatever came of it. */
  readonly read: number;
  /** Not read: nothing has changed since an earlier run. */
  readonly unchanged: number;
  /** Not read: another file has the same bytes. */
  readonly same: number;
  /** Of all files, those without a result. */
  readonly failed: number;
  /** Files that hold a copy of a document in another one. */
  readonly duplicates: number;
  /** Not come to, because the run was cancelled. */
  readonly left: number;
  readonly seconds: number;
  readonly out: string;
  readonly csv?: string;
  readonly failures: readonly { readonly file: string; readonly kind: string; readonly message: string }[];
  /** Why files were left though nobody cancelled. */
  readonly gave_up?: { readonly kind: string; readonly message: string; readonly hint?: string | undefined };
  readonly warnings: readonly string[];
}

/** Failures that are told one by one; all of them stand in the results. */
const TOLD = 10;

const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? "" : "s"}`;

export function failuresOf(rows: readonly KnownRow[]): Summary["failures"] {
  return rows.flatMap(({ file, error }) => (error === undefined ? [] : [{ file, kind: error.kind, message: error.message }]));
}

export function renderSummary(summary: Summary): string {
  const { files, read, unchanged, same, failed, duplicates, left, seconds, out, csv, failures, warnings, gave_up: gaveUp } = summary;
  if (files === 0) return ["No files there: nothing to do.", ...warnings].join("\n");
  const parts = [
    `${read} read in ${durationOf(seconds)}${read === 0 ? "" : ` (${rateOf(read, seconds)})`}`,
    ...(unchanged === 0 ? [] : [`${unchanged} unchanged since an earlier run`]),
    ...(same === 0 ? [] : [`${same} with the bytes of another`]),
    ...(left === 0 ? [] : [`${left} not come to`]),
  ];
  const kinds = kindsOf(failures);
  return [
    `${count(files, "file")}: ${parts.join(", ")}.`,
    ...(failed === 0 ? [] : [`${count(failed, "file")} failed (${kinds.map(([kind, number]) => `${number} ${kind}`).join(", ")}):`]),
    ...failures.slice(0, TOLD).map(({ file, message }) => `  ${inOneLine(file)}: ${problemOf(file, message)}`),
    ...(failures.length > TOLD ? [`  … and ${failures.length - TOLD} more; each has its line in the results.`] : []),
    ...(duplicates === 0 ? [] : [`${count(duplicates, "file")} with a copy of a document in another file: see duplicate_of.`]),
    ...(gaveUp === undefined
      ? []
      : [`Stopped, because the rest would end like this: ${[gaveUp.message, gaveUp.hint ?? ""].join(" ").trim()}`]),
    ...warnings.map((warning) => `[${inOneLine(warning)}]`),
    `Results: ${out}${csv === undefined ? "" : `, as a table: ${csv}`}`,
    ...(left > 0 || failures.some(({ kind }) => kind !== "InputError")
      ? ["Run the same command again to go on: what is done is not read again."]
      : []),
  ].join("\n");
}

function kindsOf(failures: Summary["failures"]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { kind } of failures) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts];
}
