import type { Operation, Operations } from "./operations.ts";

/** What core and the server say, in the words of n8n's editor: its settings, labels and actions. */

/** Where n8n has what core's messages call by its flag at the command line. */
const SETTINGS: Readonly<Record<string, string>> = {
  "base-url": "the credential's Base URL",
  "api-key": "the credential's API Key",
  model: "the field Model",
  "text-model": "the field Model",
  "max-tokens": "the option Max Tokens",
  context: "the option Context Length",
};

/** Who worked, and on what: their words are put into those of the node. */
export interface Failed {
  /** Whose settings a message's flags and variables are: what core calls so stands in the node and its credential, what the server calls so is the server's own. */
  readonly asked: "model" | "server";
  readonly operations: Operations;
  /** What was to be done, where that is known. */
  readonly operation?: Operation | undefined;
}

/** A message in the words of this door. */
export function inN8nWords(text: string, { asked, operations, operation }: Failed): string {
  const own = inLabels(text, operation);
  const words = Object.values(operations).reduce(
    (said, { task, action }) => said.replaceAll(new RegExp(`\\b${task}\\b`, "g"), `"${action}"`),
    own,
  );
  if (asked === "server") return words;
  return words
    .replaceAll(/--([a-z]+(?:-[a-z]+)*)(?: \(SIGHTLINE_[A-Z_]+\))?/g, (flag, name: string) => SETTINGS[name] ?? flag)
    .replaceAll(/SIGHTLINE_([A-Z_]+)/g, (variable, name: string) => SETTINGS[name.toLowerCase().replaceAll("_", "-")] ?? variable);
}

/** What is wrong with a task's input, which names the task and its fields: the operation's own are named as the editor does. */
function inLabels(text: string, operation: Operation | undefined): string {
  if (operation === undefined || !text.startsWith(`${operation.task}: `)) return text;
  return operation.fields.reduce(
    (said, { name, label }) => said.replaceAll(new RegExp(`(^|; )${name}(?= is | must |\\[|:)`, "g"), `$1${label}`),
    text.slice(operation.task.length + 2),
  );
}

/** What to do next, in the words of this door. A list of a task's fields helps those who write its input; in the editor they are in sight. */
export function hintInN8nWords(hint: string | undefined, failed: Failed): string | undefined {
  if (hint === undefined || hint.startsWith(`${failed.operation?.task} takes `)) return undefined;
  return inN8nWords(hint, failed);
}
