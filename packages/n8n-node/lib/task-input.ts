import { InputError } from "../bridge/core.ts";
import type { Field, Operation } from "./operations.ts";

/**
 * A task's input from the node's parameters; fields that are left empty are left out. `parameter` gives those on their own, `options` those in the options.
 * InputError for an empty one that is needed.
 */
export function taskInput(
  operation: Operation,
  parameter: (name: string) => unknown,
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const { name, label, required, form } of operation.fields) {
    const value = formed(form, required ? parameter(name) : options[name]);
    if (value !== undefined) input[name] = value;
    else if (required)
      throw new InputError(`The field ${label} is empty.`, {
        hint: "Fill it in. Where it is an expression, look at what it gives for this item.",
      });
  }
  return input;
}

function formed(form: Field["form"], given: unknown): unknown {
  const value = form === "list" ? listed(given) : given;
  const isEmpty = value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
  return isEmpty ? undefined : value;
}

/** One entry a line, or separated by commas where it is one line; an expression may give a list. */
function listed(given: unknown): unknown {
  if (typeof given !== "string") return given;
  return given
    .split(given.includes("\n") ? "\n" : ",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}
