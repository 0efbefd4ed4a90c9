import { InputError } from "../bridge/core.ts";
import type { Field, Operation } from "./operations.ts";

/**
 * A task's input from the node's parameters; fields that are left empty are left out. `parameter` gives those on their own, `options` those in the options.
 * InputError for JSON that is none.
 */
export function taskInput(
  operation: Operation,
  parameter: (name: string) => unknown,
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const field of operation.fields) {
    const value = formed(field, field.required ? parameter(field.name) : options[field.name]);
    if (value !== undefined) input[field.name] = value;
  }
  return input;
}

function formed({ name, form }: Field, given: unknown): unknown {
  if (given === undefined || given === null || given === "") return undefined;
  if (form === "list") return listed(given);
  if (form === "json" && typeof given === "string") {
    try {
      return JSON.parse(given) as unknown;
    } catch (error) {
      throw new InputError(`The field ${name} holds no valid JSON.`, { cause: error });
    }
  }
  return given;
}

/** One entry a line, or separated by commas where it is one line; an expression may give a list. */
function listed(given: unknown): unknown {
  if (typeof given !== "string") return given;
  const entries = given
    .split(given.includes("\n") ? "\n" : ",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  return entries.length === 0 ? undefined : entries;
}
