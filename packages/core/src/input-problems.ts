import type * as z from "zod";

/**
 * What is wrong with an input, in words for whoever wrote it, the first problem of each field; `input` is what was parsed. zod's own words
 * speak to programmers ("expected string to have >=1 characters"), and of a string where a list belongs they count its characters too.
 */
export function inputProblems(error: z.ZodError, input: unknown): string {
  const byField = new Map<string, string>();
  for (const issue of error.issues) {
    const field = fieldName(issue.path);
    if (!byField.has(field)) byField.set(field, problem(field, issue, valueAt(input, issue.path)));
  }
  return [...byField.values()].join("; ");
}

/** `images[1]` for the second of them; "the input" for the whole. */
function fieldName(path: readonly PropertyKey[]): string {
  const name = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return name === "" ? "the input" : name.replace(/^\./, "");
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[key], input);
}

const TYPES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

function problem(field: string, issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === "unrecognized_keys") return `there is no field ${issue.keys.map((key) => `"${key}"`).join(" or ")}`;
  if (value === undefined) return `${field} is missing`;
  if (issue.code === "invalid_type") return `${field} must be ${TYPES[issue.expected] ?? issue.expected}`;
  if (issue.code === "invalid_value") return `${field} must be one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "too_small") {
    const isEmpty = issue.minimum === 1 && (issue.origin === "string" || issue.origin === "array");
    return isEmpty ? `${field} is empty` : `${field} must ${bound(issue.origin, "at least", issue.minimum)}`;
  }
  if (issue.code === "too_big") return `${field} must ${bound(issue.origin, "at most", issue.maximum)}`;
  return `${field}: ${issue.message}`;
}

function bound(origin: string, how: "at least" | "at most", limit: number | bigint): string {
  if (origin === "string") return `have ${how} ${limit} characters`;
  if (origin === "array") return `have ${how} ${limit} entries`;
  return `be ${how} ${limit}`;
}
