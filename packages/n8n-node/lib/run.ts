import type { IBinaryKeyData, IDataObject, IExecuteFunctions, INodeExecutionData } from "n8n-workflow";
import { InputError, isSightlineError, SetupError, type Spent } from "../bridge/core.ts";
import { asBuffer } from "./as-buffer.ts";
import { n8nClock } from "./clock.ts";
import { wantedData } from "./data-fields.ts";
import { type InvoiceOutput, invoiceRows } from "./invoice-items.ts";
import { itemFiles } from "./item-files.ts";
import { openModelWay } from "./model-way.ts";
import type { Operation, Operations } from "./operations.ts";
import { openServerWay } from "./server-way.ts";
import { reasonToSkip } from "./skip.ts";
import { taskInput } from "./task-input.ts";
import type { ItemFile, Way } from "./way.ts";

/** What went wrong, and what is known of the call that did. */
export interface Failure {
  readonly error: unknown;
  readonly operation?: Operation;
  /** What else stands on every item: the file, the time, what the questions to models took. */
  readonly facts?: IDataObject;
}

/** One execution of the node: the way to see, opened once, and what becomes of each item. */
export interface Run {
  readonly concurrency: number;
  /**
   * What comes out for one item: an item for each file, or for all of them where the task takes several. `failed` makes the item that stands for a failure, or throws.
   */
  item(index: number, failed: (failure: Failure) => INodeExecutionData): Promise<INodeExecutionData[]>;
  /** Cuts short what is under way. */
  stop(reason: unknown): void;
  /** True once the user has cancelled the execution. */
  cancelled(): boolean;
}

/** What users set for all items alike: read for the first, as n8n does for credentials. */
interface RunOptions {
  readonly concurrency?: number;
  readonly timeout?: number;
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly contextTokens?: number;
}

/** How long one answer of a model may take, in seconds: large ones load for minutes. */
const MODEL_TIMEOUT = 300;

/** How long one call of the server may take, in seconds: documents of many pages are read for minutes, and films longer. */
const SERVER_TIMEOUT = 3_600;

/** One of the four errors when the credential leads nowhere. */
export async function openRun(context: IExecuteFunctions, operations: Operations): Promise<Run> {
  const key = `${context.getNodeParameter("resource", 0)}:${context.getNodeParameter("operation", 0)}`;
  const operation = operations[key];
  if (operation === undefined)
    throw new SetupError(`The operation ${key} is not known to this version of the node.`, { hint: "Choose one from the list." });
  const stopping = new AbortController();
  const cancel = context.getExecutionCancelSignal();
  const signal = cancel === undefined ? stopping.signal : AbortSignal.any([cancel, stopping.signal]);
  const options = context.getNodeParameter("options", 0, {}) as RunOptions;
  const way = await openWay(context, options);
  return {
    concurrency: options.concurrency ?? way.concurrency,
    item: (index, failed) => itemResults({ context, operation, way, index, signal, failed }),
    stop: (reason) => stopping.abort(reason),
    cancelled: () => cancel?.aborted === true,
  };
}

async function openWay(context: IExecuteFunctions, { timeout, maxTokens, temperature, contextTokens }: RunOptions): Promise<Way> {
  if (context.getNodeParameter("authentication", 0) === "sightlineServerApi") {
    return openServerWay(context, { timeoutMs: (timeout ?? SERVER_TIMEOUT) * 1000 });
  }
  // Not "extractValue": n8n fails where the operation shows no such field.
  const model = context.getNodeParameter("model", 0, { value: "" }) as { readonly value: string };
  return openModelWay(context, { model: model.value, timeoutMs: (timeout ?? MODEL_TIMEOUT) * 1000, maxTokens, temperature, contextTokens });
}

interface ItemWork {
  readonly context: IExecuteFunctions;
  readonly operation: Operation;
  readonly way: Way;
  readonly index: number;
  readonly signal: AbortSignal;
  readonly failed: (failure: Failure) => INodeExecutionData;
}

async function itemResults(work: ItemWork): Promise<INodeExecutionData[]> {
  const { operation, failed } = work;
  let input: Record<string, unknown>;
  let chosen: ChosenFiles;
  try {
    input = inputOf(work);
    chosen = operation.files === undefined ? { files: [], notes: [] } : await chosenFiles(work, operation.files);
  } catch (error) {
    return [failed({ error, operation })];
  }
  const { files, notes } = chosen;
  const groups = operation.files?.several === false ? files.map((file) => [file]) : [files];
  const all: INodeExecutionData[] = [];
  // One after the other: it is the items that are worked on side by side.
  for (const group of groups) all.push(...(await results(work, input, group, notes)));
  return all;
}

function inputOf({ context, operation, index }: ItemWork): Record<string, unknown> {
  const options = context.getNodeParameter("options", index, {});
  const parameter = (name: string): unknown => context.getNodeParameter(name, index);
  const input = taskInput(operation, parameter, options);
  return operation.task === "extract_data" ? { ...input, ...wantedData(parameter) } : input;
}

interface ChosenFiles {
  readonly files: readonly ItemFile[];
  /** Which were left out, and why. */
  readonly notes: readonly string[];
}

/** The files the item's parameter names; where all were asked for, without those that are none of the kind. */
async function chosenFiles({ context, index, signal }: ItemWork, accepted: NonNullable<Operation["files"]>): Promise<ChosenFiles> {
  const { files, named } = itemFiles(context, index, context.getNodeParameter("binaryPropertyName", index), signal);
  if (named) return { files, notes: [] };
  const { skipLogos = true } = context.getNodeParameter("options", index, {}) as { skipLogos?: boolean };
  const taken: ItemFile[] = [];
  const notes: string[] = [];
  for (const file of files) {
    const reason = reasonToSkip(await file.bytes(), accepted.kinds, accepted.skipsLogos && skipLogos);
    if (reason === undefined) taken.push(file);
    else notes.push(`Skipped ${file.name}: ${reason}.`);
  }
  if (taken.length > 0) return { files: taken, notes };
  throw new InputError(`None of this item's ${files.length} files can be used. ${notes.join(" ")}`, {
    hint: "Name the binary field to take a file all the same.",
  });
}

/** What comes out for one call: its items, or the one that stands for its failure. */
async function results(
  { context, operation, way, index, signal, failed }: ItemWork,
  input: Readonly<Record<string, unknown>>,
  files: readonly ItemFile[],
  notes: readonly string[],
): Promise<INodeExecutionData[]> {
  const started = n8nClock.now();
  const facts = (usage: Spent | undefined): IDataObject => ({
    ...(files.length === 0 ? {} : { file: files.map(({ name }) => name).join(", ") }),
    ...(usage === undefined ? {} : { usage: { ...usage } }),
    duration_ms: n8nClock.now() - started,
  });
  try {
    const given =
      operation.files === undefined ? input : { ...input, [operation.files.field]: referencesOf(files, operation.files.several) };
    const { output, pictures = [], usage } = await way.run({ task: operation.task, input: given, files, signal });
    const common = facts(usage);
    const binary: IBinaryKeyData = {};
    for (const { field, name, mediaType, bytes } of pictures) {
      binary[field] = await context.helpers.prepareBinaryData(asBuffer(bytes), name, mediaType);
    }
    return rowsOf(operation, output, () => context.getNodeParameter("output", index, "invoices") as InvoiceOutput, files).map((row) => ({
      json: { ...row, ...withNotes(row["warnings"], notes), ...common },
      ...(pictures.length === 0 ? {} : { binary }),
      pairedItem: { item: index },
    }));
  } catch (error) {
    return [failed({ error, operation, facts: { ...facts(isSightlineError(error) ? error.usage : undefined), ...withNotes([], notes) } })];
  }
}

function referencesOf(files: readonly ItemFile[], several: boolean): unknown {
  const references = files.map(({ reference }) => reference);
  return several ? references : references[0];
}

/** What a task answered, as the rows it is to come out in. InputError when there is no invoice among them. */
function rowsOf(
  { task }: Operation,
  output: Readonly<Record<string, unknown>>,
  as: () => InvoiceOutput,
  files: readonly ItemFile[],
): Readonly<Record<string, unknown>>[] {
  if (task !== "extract_invoice") return [output];
  const rows = invoiceRows(output, as());
  if (rows.length > 0) return rows;
  throw new InputError(`No invoice was found in ${files[0]?.name ?? "the file"}.`, { hint: "Extract Text shows what can be read of it." });
}

function withNotes(warnings: unknown, notes: readonly string[]): { readonly warnings?: string[] } {
  return notes.length === 0 ? {} : { warnings: [...(Array.isArray(warnings) ? (warnings as string[]) : []), ...notes] };
}
