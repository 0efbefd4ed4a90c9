import type { Task } from "@sightline/core";
import { basename } from "node:path";
import type { TaskArguments } from "./options.ts";

const quoted = (word: string): string => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** The task's own example inputs as command lines, then one that reads standard input and prints JSON. */
export function exampleLines(task: Task, { files, options }: TaskArguments): string[] {
  const command = `sightline ${task.name.replaceAll("_", "-")}`;

  const word = (field: string, value: unknown): string => {
    if (typeof value !== "string") return quoted(JSON.stringify(value));
    return quoted(field in task.files && value.startsWith("/") ? basename(value) : value);
  };
  const flags = (example: Readonly<Record<string, unknown>>): string[] =>
    options.flatMap(({ field, option: { long = "", negate } }) => {
      const value = example[field];
      if (value === undefined || value === negate) return [];
      if (typeof value === "boolean") return [long];
      return [value].flat().map((each) => `${long} ${word(field, each)}`);
    });

  const examples: readonly Readonly<Record<string, unknown>>[] = task.examples;
  const lines = examples.map((example) => {
    const named = [example[files.field]].flat().map((each) => word(files.field, each));
    return [command, ...named, ...flags(example)].join(" ");
  });
  return [...lines, [command, "-", ...flags(examples[0] ?? {}), "--json < photo.jpg"].join(" ")];
}
