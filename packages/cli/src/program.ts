import { summaryOf, type Task } from "@sightline/core";
import type { FlagValues, SettingUsage } from "@sightline/local/settings";
import { Argument, Command } from "commander";
import { addBatchCommand, type BatchRequest } from "./batch/command.ts";
import { addCorrectionsCommands, type CorrectionsRequest } from "./corrections/command.ts";
import { addQueueCommands, type QueueRequest } from "./queue/commands.ts";
import { exampleLines } from "./examples.ts";
import { type TaskArguments, taskArguments } from "./options.ts";
import { givenSettings, settingOptions } from "./setting-options.ts";

/** What a command line asked for. */
export type Request =
  | BatchRequest
  | CorrectionsRequest
  | { readonly kind: "status"; readonly clearCache: boolean }
  | QueueRequest
  | {
      readonly kind: "task";
      readonly task: Task;
      readonly takes: TaskArguments;
      readonly files: readonly string[];
      /** Input fields that were given, by field name. */
      readonly fields: Readonly<Record<string, unknown>>;
      /** Where pictures that are drawn are saved; undefined for the folder of results. */
      readonly pictures: string | undefined;
    };

export interface ParsedCommandLine {
  readonly request: Request;
  readonly json: boolean;
  /** The file the answer goes to; undefined for standard output. */
  readonly output: string | undefined;
  /** Settings as flags, by flag name (`base-url`). */
  readonly settings: FlagValues;
}

export interface ProgramOptions {
  readonly tasks: readonly Task[];
  /** The settings' flags, as the host lists them. */
  readonly settings: readonly SettingUsage[];
  readonly version: string;
  onParsed(parsed: ParsedCommandLine): void;
}

/**
 * The command line: one command a task, and `status`. Errors and help leave it as CommanderError; nothing is printed to standard error.
 */
export function createProgram({ tasks, settings, version, onParsed }: ProgramOptions): Command {
  const program = new Command("sightline")
    .description("Eyes for agents and automations: describe, ask and read pictures, with the evidence for every answer.")
    .version(version)
    .usage("<command> FILE… [options]")
    .exitOverride()
    .configureOutput({ writeErr() {} })
    .configureHelp({ showGlobalOptions: true })
    .option("--json", "print the answer alone, as JSON; for several files one JSON object a line")
    .option("--output <file>", "write the answer to a file: .json, .jsonl, .csv for tables, words in any other");
  const flags = settingOptions(settings);
  for (const option of flags) program.addOption(option);

  const parsed = (request: Request): void => {
    const values = program.opts<Record<string, unknown>>();
    onParsed({
      request,
      json: values["json"] === true,
      output: values["output"] as string | undefined,
      settings: givenSettings(program, flags),
    });
  };

  for (const task of tasks.filter((each) => each.doors.includes("cli"))) {
    const takes = taskArguments(task);
    const command = program
      .command(task.name.replaceAll("_", "-"))
      .summary(summaryOf(task))
      .description(task.description)
      .usage(takes.files.text ? "[FILE…] [options]" : "FILE… [options]")
      .addArgument(new Argument(takes.files.text ? "[file...]" : "<file...>", filesHelp(takes)))
      .addHelpText(
        "after",
        `\nExamples:\n${exampleLines(task, takes)
          .map((line) => `  $ ${line}`)
          .join("\n")}`,
      )
      .action((files: string[]) => {
        const given = takes.options.filter(({ option }) => command.getOptionValueSource(option.attributeName()) === "cli");
        const fields = Object.fromEntries(
          given.map(({ field, option }) => [field, command.getOptionValue(option.attributeName()) as unknown]),
        );
        const { annotateTo } = command.opts<{ annotateTo?: string }>();
        parsed({
          kind: "task",
          task,
          takes,
          files,
          fields: annotateTo === undefined ? fields : { ...fields, annotate: true },
          pictures: annotateTo,
        });
      });
    if (takes.options.some(({ field }) => field === "annotate"))
      command.option("--annotate-to <path>", "draw as --annotate does, and save it there: a .jpg file, or a folder");
    for (const { option } of takes.options) {
      const taken = [...program.options, ...command.options].find((each) => each.long === option.long);
      if (taken !== undefined) throw new Error(`${task.name}: ${option.long} is a flag of the command line already`);
      command.addOption(option);
    }
  }

  addBatchCommand(
    program,
    tasks.filter((each) => each.doors.includes("cli")),
    parsed,
  );

  addCorrectionsCommands(program, parsed);
  addQueueCommands(program, parsed);

  program
    .command("status")
    .summary("What is set up, what is missing, and the command that mends it")
    .description(
      "Asks the model server what it has and the model about a tiny picture; shows where pictures go, what works without a model, what is missing, and the command that mends it.",
    )
    .option("--clear-cache", "remove the model's answers that are kept on disk")
    .action(({ clearCache }: { clearCache?: true }) => parsed({ kind: "status", clearCache: clearCache === true }));

  return program.addHelpText(
    "after",
    "\n`sightline <command> --help` shows a command's own options and examples." +
      "\nExit codes: 0 done, 2 input cannot be used, 3 something must be set up, 4 model server failed, 5 model's answer is unusable, 130 cancelled.",
  );
}

function filesHelp({ files }: TaskArguments): string {
  if (files.text) return "text file (UTF-8), or - for standard input, which is also read when none is named; several make several answers";
  const several = files.together ? "several make one call together" : "several make several answers";
  return `path, https:// URL, data: URI, or - for standard input; ${several}`;
}
