import type { FileField, Task } from "@sightline/core";
import { basename } from "node:path";
import type { TaskArguments } from "./options.ts";

const quoted = (word: string): string => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** Stand for what is piped in. */
const SOURCES: Readonly<Record<FileField, string>> = { image: "photo.jpg", document: "photo.jpg", video: "clip.mp4" };

/** Stand for a text of the examples, and for what may write one. */
const TEXT_FILE = "letter.txt";
const TEXT_SOURCE = "sightline extract-text letter.jpg |";

/** The task's own example inputs as command lines, then one that reads standard input (for files with JSON as the answer). */
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
  if (files.text) {
    const lines = examples.map((example) => [command, TEXT_FILE, ...flags(example)].join(" "));
    return [...lines, [TEXT_SOURCE, command, "-", ...flags(examples[0] ?? {})].join(" ")];
  }
  const lines = examples.map((example) => {
    const named = [example[files.field]].flat().map((each) => word(files.field, each));
    return [command, ...named, ...flags(example)].join(" ");
  });
  return [...lines, [command, "-", ...flags(examples[0] ?? {}), `--json < ${SOURCES[task.files[files.field] ?? "image"]}`].join(" ")];
}
