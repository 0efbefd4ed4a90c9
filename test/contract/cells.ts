import { presets } from "@sightline/core";
import { whyNot } from "./row.ts";
import { ROWS } from "./rows.ts";
import type { Against } from "./subjects.ts";

/** What a test of the suite says of itself in its report (`task.meta.contract`). */
export interface CellResult {
  readonly backend: string;
  readonly row: string;
  readonly against: Against;
}

/** All cells there are, as one test says them in its report (`task.meta.layout`). */
export interface Layout {
  readonly backends: readonly string[];
  readonly groups: readonly {
    readonly title: string;
    /** `not`: why a backend has no cell here, by its name. */
    readonly rows: readonly { readonly name: string; readonly not: Readonly<Record<string, string>> }[];
  }[];
}

export function layout(): Layout {
  return {
    backends: presets.map(({ name }) => name),
    groups: ROWS.map(({ title, rows }) => ({
      title,
      rows: rows.map((row) => ({
        name: row.name,
        not: Object.fromEntries(
          presets.flatMap((preset) => {
            const why = whyNot(row, preset);
            return why === undefined ? [] : [[preset.name, why]];
          }),
        ),
      })),
    })),
  };
}
