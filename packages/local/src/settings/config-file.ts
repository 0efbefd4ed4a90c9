import { SetupError } from "@sightline/core/errors";
import { readFile } from "node:fs/promises";
import { CONFIG, SETTING_NAMES, SETTINGS } from "./table.ts";

/** What the config file holds; undefined when there is none and none is `required`. SetupError, which never quotes it, when it cannot be used. */
export async function readConfig(path: string, required: boolean): Promise<Record<string, unknown> | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (!required && error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
    const why = error instanceof Error && "code" in error && error.code === "ENOENT" ? "does not exist" : "cannot be read";
    throw new SetupError(`The config file ${path} ${why}.`, { hint: `Name another with --${CONFIG.flag}, or correct it.`, cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SetupError(`The config file ${path} is not valid JSON${error instanceof Error ? placeOf(error, text) : ""}.`, {
      hint: "It holds one JSON object.",
    });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SetupError(`The config file ${path} does not hold a JSON object.`, { hint: `For example: {"allow": ["~/Pictures"]}` });
  }
  const unknown = Object.keys(value).filter((key) => !(key in SETTINGS));
  if (unknown.length > 0) {
    throw new SetupError(`The config file ${path} has unknown settings: ${unknown.join(", ")}.`, {
      hint: `It takes: ${SETTING_NAMES.join(", ")}.`,
    });
  }
  return value as Record<string, unknown>;
}

/** Where JSON.parse stopped. Its message is not passed on: it quotes the file, and the file may hold a key. */
function placeOf(error: Error, text: string): string {
  const at = /position (\d+)/.exec(error.message)?.[1];
  return at === undefined ? "" : ` (line ${text.slice(0, Number(at)).split("\n").length})`;
}
