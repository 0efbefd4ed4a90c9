import { Argument, type Command, InvalidArgumentError, Option } from "commander";
import { SIDES, type Side, type Split } from "./split.ts";
import { FORMATS, type FormatName } from "./formats.ts";

export type CorrectionsRequest =
  | { readonly kind: "export-training"; readonly folder: string; readonly format: FormatName; readonly out: string; readonly split: Split }
  | {
      readonly kind: "evaluate";
      readonly folder: string;
      /** A report of an earlier run, to compare with in the place of the answers as they were first given. */
      readonly against: string | undefined;
      /** Only the corrections of one side; all where undefined. */
      readonly only: Side | undefined;
      readonly split: Split;
    };

const folderArgument = (): Argument => new Argument("<folder>", "where the server keeps corrections: its --keep-corrections");

/** `sightline export-training` and `sightline evaluate`: what corrections that were kept are for. */
export function addCorrectionsCommands(program: Command, onParsed: (request: CorrectionsRequest) => void): void {
  const exporting = program
    .command("export-training")
    .summary("Corrected answers as a training set: each question as a model is sent it, with the right reply")
    .description(
      "Writes the corrections that were kept as a training set: the picture and the prompt as the task sends them to the model, and the reply that leads to the corrected answer. " +
        "A share of the documents is held back. What cannot be taught is named with the reason.",
    )
    .usage("FOLDER --format NAME --out FOLDER [options]")
    .addArgument(folderArgument())
    .addOption(
      new Option("--format <name>", "form of the set; torchtune: what its Llama 3.2 Vision recipes load")
        .choices(FORMATS)
        .makeOptionMandatory(),
    )
    .requiredOption("--out <folder>", "where the set is written, whole or not at all; a set that lies there already gives way")
    .addHelpText(
      "after",
      "\nExamples:\n  $ sightline export-training corrections --format torchtune --out training\n  $ sightline export-training corrections --format torchtune --out training --validation 0.2 --seed 7",
    );
  exporting.action((folder: string, { format, out, ...split }: { format: FormatName; out: string } & Split) =>
    onParsed({ kind: "export-training", folder, format, out, split }),
  );

  const evaluating = program
    .command("evaluate")
    .summary("How right answers are, field by field, held against the corrected ones: as first given, and now")
    .description(
      "Runs each task whose answer was corrected again, with the model that is set up or this machine's own eyes, and counts the values that are right: as first answered, and now. " +
        "Amounts and dates are compared by value, texts by their letters and digits, lines of invoices with the lines they fit best.",
    )
    .usage("FOLDER [options]")
    .addArgument(folderArgument())
    .option("--against <file>", "an earlier report (evaluate --json), in the place of the answers as first given")
    .addOption(
      new Option(
        "--only <side>",
        "only the documents that export-training puts on this side, with the same --validation and --seed",
      ).choices(SIDES),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  $ sightline evaluate corrections --only validation --json > before.json\n  $ sightline evaluate corrections --only validation --base-url http://localhost:8000/v1 --model tuned --against before.json",
    );
  evaluating.action((folder: string, { against, only, ...split }: { against?: string; only?: Side } & Split) =>
    onParsed({ kind: "evaluate", folder, against, only, split }),
  );

  for (const command of [exporting, evaluating]) {
    command
      .addOption(new Option("--validation <share>", "share of the documents that is held back").default(0.1).argParser(shareOf))
      .addOption(new Option("--seed <number>", "another one holds back other documents").default(0).argParser(seedOf));
  }
}

function shareOf(text: string): number {
  const share = text.trim() === "" ? NaN : Number(text);
  if (!(share >= 0 && share < 1)) throw new InvalidArgumentError("It is a share from 0 to below 1, such as 0.1.");
  return share;
}

function seedOf(text: string): number {
  const seed = text.trim() === "" ? NaN : Number(text);
  if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError("It is a whole number.");
  return seed;
}
