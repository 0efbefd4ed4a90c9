import type { Task } from "@sightline/core";
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { taskArguments } from "../options.ts";

export interface BatchRequest {
  readonly kind: "batch";
  readonly task: Task;
  /** Folders, files and patterns. */
  readonly paths: readonly string[];
  /** The input field that takes the file, and whether it takes it in a list. */
  readonly field: string;
  readonly inList: boolean;
  /** Other input fields that were given, by field name. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly out: string;
  readonly csv: boolean;
  /** The task's table that the CSV is to be. */
  readonly rows: string | undefined;
  readonly retryFailed: boolean;
}

interface BatchOptions {
  readonly task: Task;
  readonly out: string;
  readonly csv: boolean;
  readonly rows?: string;
  readonly retryFailed?: true;
}

const commandName = (task: Task): string => task.name.replaceAll("_", "-");

/** `sightline batch`: one task for many files. Takes the options of its task besides its own. */
export function addBatchCommand(program: Command, tasks: readonly Task[], onParsed: (request: BatchRequest) => void): void {
  const batchable = tasks.filter((task) => task.textField === undefined && Object.keys(task.files).length === 1);
  const command = program
    .command("batch")
    .summary("One task for all files of a folder, into one file of results that a second run goes on with")
    .description(
      "Runs a task on every file of folders, patterns and file names, several at a time, and writes a line of JSON a file, with a table beside it. " +
        "Ctrl-C and crashes lose nothing that was done: the same command again goes on, and reads only what is new, has changed, or failed for want of a server or a setting. " +
        "With --redis the files are read by `sightline worker` processes, on as many machines as you like; they reach the files under the same path (a shared folder).",
    )
    .usage("PATH… --task NAME --out FILE [options] [the task's options]")
    .addArgument(new Argument("<path...>", "folder (with all below it), file, or pattern in quotes: 'scans/**/*.pdf'"))
    .addOption(
      new Option("--task <name>", `what to do with each file: ${batchable.map(commandName).join(", ")}`)
        .makeOptionMandatory()
        .argParser((name) => taskNamed(name, batchable)),
    )
    .requiredOption("--out <file>", "results, one JSON object a line: results.jsonl")
    .option("--no-csv", "write no table (results.csv) beside the results")
    .option("--rows <what>", `what the table has a row for; ${rowsHelp(batchable)}`)
    .option("--retry-failed", "do files again that could not be used, though they have not changed")
    .allowUnknownOption()
    .addHelpText(
      "after",
      "\nExamples:\n  $ sightline batch mail --task extract-invoice --out invoices.jsonl --rows invoices\n  $ sightline batch 'mail/**/*.pdf' --task extract-text --out texts.jsonl --language de --concurrency 8",
    )
    .action((_: string[], { task, out, csv, rows, retryFailed }: BatchOptions) => {
      const { paths, fields } = taskPart(task, command);
      const { files } = taskArguments(task);
      onParsed({
        kind: "batch",
        task,
        paths,
        field: files.field,
        inList: files.together,
        fields,
        out,
        csv,
        rows,
        retryFailed: retryFailed === true,
      });
    });
  const own = new Set([...program.options, ...command.options].map(({ long }) => long));
  for (const task of batchable) {
    const taken = taskArguments(task).options.find(({ option }) => own.has(option.long));
    if (taken !== undefined) throw new Error(`${task.name}: ${taken.option.long} is a flag of batch already`);
  }
}

function taskNamed(name: string, batchable: readonly Task[]): Task {
  const task = batchable.find((each) => [each.name, commandName(each)].includes(name));
  if (task === undefined) throw new InvalidArgumentError(`It is ${batchable.map(commandName).join(" or ")}.`);
  return task;
}

function rowsHelp(batchable: readonly Task[]): string {
  const known = batchable.flatMap((task) => {
    const [first, ...others] = Object.keys(task.tables ?? {});
    return first === undefined ? [] : [`${commandName(task)}: ${[`${first} (default)`, ...others].join(", ")}`];
  });
  return [...known, known.length === 0 ? "a row a file" : "else a row a file"].join("; ");
}

/** What the batch itself did not understand is for the task: its options, and paths between them. */
function taskPart(task: Task, { args }: Command): Pick<BatchRequest, "paths" | "fields"> {
  const { options } = taskArguments(task);
  const command = new Command()
    .exitOverride()
    .configureOutput({ writeErr() {} })
    .helpOption(false)
    .argument("<path...>");
  for (const { option } of options) command.addOption(option);
  command.parse(args, { from: "user" });
  const given = options.filter(({ option }) => command.getOptionValueSource(option.attributeName()) === "cli");
  return {
    paths: command.args,
    fields: Object.fromEntries(given.map(({ field, option }) => [field, command.getOptionValue(option.attributeName()) as unknown])),
  };
}
