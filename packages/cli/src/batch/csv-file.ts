import { InputError, SetupError, toCsv, type Table, type Task } from "@sightline/core";
import { access, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Row } from "./row.ts";
import type { ResultsFile } from "./results-file.ts";

type Output = Record<string, unknown>;
type Cells = Readonly<Record<string, string | undefined>>;

/** Columns that every batch has. */
const OWN_COLUMNS = ["file", "status", "error_kind", "error", "duplicate_of"];

/** Where the table lies: beside the results, under their name. */
export function csvPath(results: string): string {
  return `${results.replace(/\.jsonl?$|\.ndjson$/i, "")}.csv`;
}

/** InputError where a table is there that no batch has made: it belongs to somebody. */
export async function mayWriteCsv(path: string, results: ResultsFile): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere && !results.existed) {
    throw new InputError(`${path} is there, but not the results that it would belong to.`, {
      hint: "Move it away, name another --out, or leave the table out with --no-csv.",
    });
  }
}

/** A task's table; where it has none, the plain fields of its answers, whichever they have. */
export type ChosenTable = Table<Output> | "plain";

/** The task's table of that name, the first where none is named. InputError for a name that it does not have. */
export function tableOf(task: Task, name: string | undefined): ChosenTable {
  const names = Object.keys(task.tables ?? {});
  const table = task.tables?.[name ?? names[0] ?? ""];
  if (table !== undefined) return table;
  if (name === undefined) return "plain";
  throw new InputError(`${task.name} has no table of ${name}.`, {
    hint: names.length === 0 ? "Leave out --rows: it has one row a file." : `--rows takes ${names.join(" or ")}.`,
  });
}

/**
 * Texts, numbers and truths of an answer, and lists of texts; those of an object in it under their path: "data.rent". Lists of objects are for who reads the
 * JSON, but for those in a shape that the user chose.
 */
export function plainCells(output: Output, path = ""): Record<string, string> {
  const cells: Record<string, string> = {};
  for (const [field, value] of Object.entries(output)) {
    const name = `${path}${field}`;
    if (name === "evidence" || value === undefined || value === null) continue;
    if (Array.isArray(value)) {
      const isPlain = value.every((item) => typeof item !== "object");
      if (isPlain) cells[name] = value.join("; ");
      else if (path !== "") cells[name] = JSON.stringify(value);
    } else if (typeof value === "object") Object.assign(cells, plainCells(value as Output, `${name}.`));
    else cells[name] = typeof value === "string" ? value : JSON.stringify(value);
  }
  return cells;
}

/** Every column that any answer has, in the order in which they come up. */
async function plainTable(files: readonly string[], results: ResultsFile): Promise<Table<Output>> {
  const columns = new Set<string>();
  for (const file of files) for (const column of Object.keys(plainCells((await results.read(file)).result ?? {}))) columns.add(column);
  return { columns: [...columns], rows: (output) => [plainCells(output)] };
}

/** Writes the table of all results, whole or not at all, sorted by file. SetupError when it cannot be written. */
export async function writeCsv(path: string, results: ResultsFile, chosen: ChosenTable): Promise<void> {
  const files = [...results.rows.keys()].sort();
  const table = chosen === "plain" ? await plainTable(files, results) : chosen;
  // A task may call a column as we do.
  const columns = [...OWN_COLUMNS, ...table.columns.filter((column) => !OWN_COLUMNS.includes(column))];
  const unfinished = join(dirname(path), `.${basename(path)}.part`);
  try {
    const handle = await open(unfinished, "w");
    try {
      await handle.writeFile(await toCsv(columns, []));
      for (const file of files) {
        await handle.writeFile(await toCsv(columns, cellsOf(await results.read(file), table), { header: false }));
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new SetupError(`The table ${path} could not be written (${why}).`, {
      hint: "All results are kept. Make room, or close the program that has it open; then run the same command again.",
      cause: error,
    });
  }
}

function cellsOf({ file, status, result, error, duplicate_of: copies }: Row, table: Table<Output>): Cells[] {
  const own = { file, status, error_kind: error?.kind, error: error?.message, duplicate_of: copies?.join(", ") };
  const rows = result === undefined ? [] : table.rows(result);
  // A file without a row of its own is not left out.
  return (rows.length === 0 ? [{}] : rows).map((row) => ({ ...row, ...own }));
}
