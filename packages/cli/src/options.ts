import { type Task } from "@sightline/core";
import { InvalidArgumentError, Option } from "commander";
import * as z from "zod";

/** The part of JSON Schema that task inputs are made of. */
interface Property {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly items?: Property;
  readonly default?: unknown;
  readonly description?: string;
}

export interface TaskOption {
  /** The input field it fills. */
  readonly field: string;
  readonly option: Option;
}

export interface TaskArguments {
  /** The field that takes the files named on the command line. */
  readonly files: {
    readonly field: string;
    /** True when it takes what is in them, as text; false when it takes their names. */
    readonly text: boolean;
    /** True when one call takes them all, false when each makes a call of its own. */
    readonly together: boolean;
  };
  /** All other fields, in the order of the schema. */
  readonly options: readonly TaskOption[];
}

/** What a task takes on the command line, read off its input schema. */
export function taskArguments(task: Task): TaskArguments {
  const { properties = {}, required = [] } = z.toJSONSchema(task.input, { io: "input" }) as {
    properties?: Record<string, Property>;
    required?: readonly string[];
  };
  const positional = task.textField ?? Object.keys(task.files)[0];
  if (positional === undefined) throw new Error(`${task.name} names neither a file field nor a text field, so it cannot be a command`);
  const options = Object.entries(properties)
    .filter(([field]) => field !== positional)
    .map(([field, property]) => ({ field, option: toOption(field, property, required.includes(field)) }));
  return {
    files: { field: positional, text: positional === task.textField, together: properties[positional]?.type === "array" },
    options,
  };
}

function toOption(field: string, property: Property, required: boolean): Option {
  const name = field.replaceAll("_", "-");
  const description = property.description ?? "";
  if (property.type === "boolean") return new Option(property.default === true ? `--no-${name}` : `--${name}`, description);

  const repeatable = property.type === "array";
  const value = repeatable ? (property.items ?? {}) : property;
  const notes = repeatable
    ? ["repeatable", ...(property.default === undefined ? [] : [`default: ${JSON.stringify(property.default)}`])]
    : [];
  const option = new Option(`--${name} <${placeholder(value)}>`, [description, ...notes.map((note) => `(${note})`)].join(" ").trimStart());
  if (value.enum !== undefined) option.choices(value.enum.map(String));
  // For the help alone; what was not given is not sent, and the schema fills it in.
  if (!repeatable && property.default !== undefined) option.default(property.default);
  if (required) option.makeOptionMandatory();
  const parse = parserOf(value);
  return option.argParser<unknown>((text, before) =>
    repeatable ? [...((before as unknown[] | undefined) ?? []), parse(text)] : parse(text),
  );
}

function placeholder({ type, enum: choices }: Property): string {
  if (choices !== undefined) return "choice";
  return type === "number" || type === "integer" ? "number" : type === "string" ? "text" : "json";
}

function parserOf({ type, enum: choices }: Property): (text: string) => unknown {
  if (choices !== undefined) {
    return (text) => {
      const choice = choices.find((each) => String(each) === text);
      if (choice === undefined) throw new InvalidArgumentError(`Allowed choices are ${choices.join(", ")}.`);
      return choice;
    };
  }
  if (type === "string") return (text) => text;
  if (type === "number" || type === "integer") {
    return (text) => {
      const value = Number(text);
      if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("It must be a number.");
      return value;
    };
  }
  return (text) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new InvalidArgumentError("It must be JSON.");
    }
  };
}
