import { InputError, toCsv, type Task } from "@sightline/core";
import { extname, resolve } from "node:path";
import { writeWhole } from "./write-whole.ts";

type Output = Record<string, unknown>;

export interface OutputFile {
  /** Writes the answers, whole or not at all. InputError when the file cannot be written. */
  write(outputs: readonly Output[]): Promise<void>;
}

/** The file that answers of a task are to go to, in the form its name asks for. InputError for a form that the task has not. */
export function outputFile(name: string, task: Task): OutputFile {
  const path = resolve(name);
  const text = formOf(name, task);
  return {
    async write(outputs) {
      await writeWhole(path, await text(outputs), "The answer");
    },
  };
}

function formOf(name: string, task: Task): (outputs: readonly Output[]) => string | Promise<string> {
  switch (extname(name).toLowerCase()) {
    case ".csv":
      return tableText(task);
    case ".json":
      return (outputs) => `${JSON.stringify(outputs.length === 1 ? outputs[0] : outputs, undefined, 2)}\n`;
    case ".jsonl":
      return (outputs) => outputs.map((output) => `${JSON.stringify(output)}\n`).join("");
    default:
      return (outputs) => `${outputs.map((output) => task.render(output)).join("\n\n")}\n`;
  }
}

/** The task's usual table, of all answers. */
function tableText(task: Task): (outputs: readonly Output[]) => Promise<string> {
  const [table] = Object.values(task.tables ?? {});
  if (table === undefined)
    throw new InputError(`${task.name} answers with no table, so not as CSV.`, {
      hint: "Name a .json file for its fields, or a .txt or .md file for its words.",
    });
  return (outputs) => toCsv(table.columns, outputs.flatMap(table.rows));
}
