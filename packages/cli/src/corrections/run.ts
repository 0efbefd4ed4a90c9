import type { Settings } from "@sightline/local/settings";
import { exitCodeOfKind } from "../failures.ts";
import { createProgressLine } from "../progress.ts";
import type { CorrectionsRequest } from "./command.ts";

/** Answers evaluated at a time where `--concurrency` does not say, as with the files of a batch. */
const ANSWERS_AT_A_TIME = 4;

/** What corrections that were kept are wanted for. Returns the exit code. */
export async function runCorrections(
  request: CorrectionsRequest,
  settings: Settings,
  { version, json, signal }: { readonly version: string; readonly json: boolean; readonly signal: AbortSignal },
): Promise<number> {
  const [{ createHost }, { readCorrections, inputOf }] = await Promise.all([
    import("@sightline/local"),
    import("@sightline/local/corrections"),
  ]);
  const read = await readCorrections(request.folder);
  const files = read.corrections.flatMap((each) => each.files.flatMap(({ field }) => [inputOf(each)[field]].flat() as string[]));
  // The teacher stands in for the model: none is looked for.
  const host = createHost(request.kind === "evaluate" ? settings : { ...settings, backend: "none" }, { files });
  const progress = createProgressLine();
  const context = host.context.bind(host);
  try {
    if (request.kind === "export-training") {
      const { exportTraining, renderExport } = await import("./export.ts");
      const summary = await exportTraining(request, read, { version, progress, signal, context });
      process.stdout.write(json ? `${JSON.stringify(summary)}\n` : `${renderExport(summary)}\n`);
      return 0;
    }
    const [{ evaluate }, { renderEvaluation }] = await Promise.all([import("./evaluate.ts"), import("./evaluation.ts")]);
    const evaluation = await evaluate(request, read, {
      version,
      progress,
      signal,
      context,
      lanes: settings.concurrency ?? ANSWERS_AT_A_TIME,
    });
    process.stdout.write(json ? `${JSON.stringify(evaluation)}\n` : `${renderEvaluation(evaluation)}\n`);
    const failure = evaluation.gave_up ?? evaluation.answers.find(({ error }) => error !== undefined)?.error;
    return failure === undefined ? 0 : exitCodeOfKind(failure.kind);
  } finally {
    await host.close();
  }
}
