import { parse } from "partial-json";

/**
 * What a person can read of a JSON answer that is still being written: its first text field as far as it has come, empty before that.
 * Whatever stands before the first brace (fences, prose) is passed over. Never throws.
 */
export function partialWords(text: string): string {
  const start = text.indexOf("{");
  if (start === -1) return "";
  let value: unknown;
  try {
    value = parse(text.slice(start));
  } catch {
    return "";
  }
  const words = Object.values(value as object).find((field): field is string => typeof field === "string") ?? "";
  // An emoji is two escapes; cut between them, the first alone is no character.
  return words.replace(/[\uD800-\uDBFF]$/, "");
}
