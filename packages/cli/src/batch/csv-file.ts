import { InputError, toCsv, type Table, type Task } from "@sightline/core";
import { access, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
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

/** The task's table of that name (the first where none is named), or a row of the plain fields of its answers. InputError for a name that it does not have. */
export function tableOf(task: Task, name: string | undefined): Table<Output> {
  const names = Object.keys(task.tables ?? {});
  const table = task.tables?.[name ?? names[0] ?? ""];
  if (table !== undefined) return table;
  if (name !== undefined) {
    throw new InputError(`${task.name} has no table of ${name}.`, {
      hint: names.length === 0 ? "Leave out --rows: it has one row a file." : `--rows takes ${names.join(" or ")}.`,
    });
  }
  const { properties = {} } = z.toJSONSchema(task.output, { io: "output" }) as { properties?: Record<string, { type?: string }> };
  const columns = Object.keys(properties).filter((field) =>
    ["string", "number", "integer", "boolean"].includes(properties[field]?.type ?? ""),
  );
  return {
    columns,
    rows: (output) => [Object.fromEntries(columns.map((column) => [column, cellOf(output[column])]))],
  };
}

function cellOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Writes the table of all results, whole or not at all, sorted by file. */
export async function writeCsv(path: string, results: ResultsFile, table: Table<Output>): Promise<void> {
  // A task may call a column as we do.
  const columns = [...OWN_COLUMNS, ...table.columns.filter((column) => !OWN_COLUMNS.includes(column))];
  const unfinished = join(dirname(path), `.${basename(path)}.part`);
  const handle = await open(unfinished, "w");
  try {
    await handle.writeFile(await toCsv(columns, []));
    for (const file of [...results.rows.keys()].sort()) {
      await handle.writeFile(await toCsv(columns, cellsOf(await results.read(file), table), { header: false }));
    }
    await handle.sync();
    await handle.close();
    await rename(unfinished, path);
  } catch (error) {
    await handle.close().catch(() => {});
    await rm(unfinished, { force: true });
    throw error;
  }
}

function cellsOf({ file, status, result, error, duplicate_of: copies }: Row, table: Table<Output>): Cells[] {
  const own = { file, status, error_kind: error?.kind, error: error?.message, duplicate_of: copies?.join(", ") };
  const rows = result === undefined ? [] : table.rows(result);
  // A file without a row of its own is not left out.
  return (rows.length === 0 ? [{}] : rows).map((row) => ({ ...row, ...own }));
}
