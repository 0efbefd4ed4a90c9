import { answerRows } from "./rows-answers.ts";
import { askingRows } from "./rows-asking.ts";
import { errorRows } from "./rows-errors.ts";
import type { Row } from "./row.ts";

/** The contract, in the order of its table. */
export const ROWS: readonly { readonly title: string; readonly rows: readonly Row[] }[] = [
  { title: "Asked and answered", rows: askingRows },
  { title: "Half an answer, or given up", rows: answerRows },
  { title: "Refused or failed", rows: errorRows },
];
