import { type ErrorKind, isSightlineError } from "@sightline/core";
import { basename } from "node:path";

const EXIT_CODES: Readonly<Record<ErrorKind, number>> = { InputError: 2, SetupError: 3, ModelError: 4, AnswerError: 5 };

/** 1 is for what should never happen: a bug. */
export function exitCodeOf(error: unknown): number {
  return isSightlineError(error) ? EXIT_CODES[error.kind] : 1;
}

/** The same for an error that is known by its kind alone. */
export function exitCodeOfKind(kind: string): number {
  return (EXIT_CODES as Readonly<Record<string, number>>)[kind] ?? 1;
}

/** An error as standard error shows it, with the name of its file when several were given; ends with a newline. */
export function formatFailure(error: unknown, options: { readonly json: boolean; readonly file?: string | undefined }): string {
  const known = isSightlineError(error);
  const kind = known ? error.kind : "InternalError";
  const message = error instanceof Error ? error.message : String(error);
  const hint = known ? error.hint : "This is a bug in Sightline: please report it with the command you ran.";
  const { file } = options;
  if (options.json)
    return `${JSON.stringify({ error: { kind, message, ...(hint === undefined ? {} : { hint }), ...(file === undefined ? {} : { file }) } })}\n`;
  const trace = !known && error instanceof Error ? `\n${error.stack ?? ""}` : "";
  // Most messages name the file by themselves, as it is really called.
  const named = file === undefined || message.includes(basename(file)) ? "" : `${file}: `;
  return `sightline: ${named}${message}${hint === undefined ? "" : `\n  ${hint}`}${trace}\n`;
}
