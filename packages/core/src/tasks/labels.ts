import * as z from "zod";

/** What tasks that sort things under given labels share. */

export const labelsInput = z
  .array(z.string().trim().min(1).max(200))
  .min(2)
  .max(50)
  .refine((labels) => new Set(labels.map(folded)).size === labels.length, "two of them are the same")
  .describe("The labels to choose from");

export const multipleInput = z.boolean().default(false).describe("Every label that fits, not only the best one");

function folded(label: string): string {
  return label.trim().toLowerCase();
}

/** One of the labels and no other; a model that writes it in other case or with spaces around still means it. */
export function labelOf(labels: readonly string[]) {
  const byFolded = new Map(labels.map((label) => [folded(label), label]));
  return z.preprocess((said) => (typeof said === "string" ? (byFolded.get(folded(said)) ?? said) : said), z.enum(labels));
}
