import type { Against } from "./subjects.ts";

/** What a test of the suite says of itself in its report (`task.meta.contract`). */
export interface CellResult {
  readonly backend: string;
  readonly row: string;
  readonly against: Against;
}
