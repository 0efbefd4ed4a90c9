import { isJson, numberOf, textOf, textsOf, type Json } from "../view/json.ts";
import { fileFieldOf } from "../call/files.ts";

/** One input of a tool as a form shows it. */
export interface Parameter {
  readonly name: string;
  readonly kind: "text" | "prompt" | "password" | "number" | "truth" | "choice" | "choices" | "rows" | "json";
  readonly description: string;
  readonly required: boolean;
  /** As a form holds it. */
  readonly initial: FormValue;
  readonly choices: readonly string[];
  /** Of `rows`; empty otherwise. */
  readonly columns: readonly Column[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** What each row of a list says of one thing, in text or as one of the choices. */
export interface Column {
  readonly name: string;
  readonly required: boolean;
  readonly choices: readonly string[];
  readonly initial: string;
}

export type FormValue = string | boolean | readonly string[];
export type FormValues = Readonly<Record<string, FormValue>>;

/** Text that may be longer than this is written in several lines, characters. */
const LONG_TEXT = 200;

/** What a form asks for besides the files: the required first, in the schema's own order. */
export function parametersOf(inputSchema: Json): Parameter[] {
  const properties = isJson(inputSchema["properties"]) ? inputSchema["properties"] : {};
  const required = textsOf(inputSchema["required"]);
  const file = fileFieldOf(inputSchema);
  const parameters = Object.entries(properties)
    .filter(([name]) => name !== file)
    .map(([name, schema]) => toParameter(name, isJson(schema) ? schema : {}, required.includes(name)));
  return [...parameters.filter((each) => each.required), ...parameters.filter((each) => !each.required)];
}

function toParameter(name: string, schema: Json, required: boolean): Parameter {
  const [minimum, maximum] = [numberOf(schema["minimum"]), numberOf(schema["maximum"])];
  const kind = kindOf(name, schema);
  const items = isJson(schema["items"]) ? schema["items"] : {};
  return {
    name,
    kind,
    description: textOf(schema["description"]) ?? "",
    required,
    initial: initialOf(name, kind, schema),
    choices: textsOf(kind === "choices" ? items["enum"] : schema["enum"]),
    columns: kind === "rows" ? columnsOf(items) : [],
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
}

function kindOf(name: string, { type, enum: values, items, maxLength }: Json): Parameter["kind"] {
  if (Array.isArray(values)) return "choice";
  if (type === "boolean") return "truth";
  if (type === "number" || type === "integer") return "number";
  if (type === "array" && isJson(items) && Array.isArray(items["enum"])) return "choices";
  if (type === "array" && isJson(items) && columnsOf(items).length > 0) return "rows";
  if (type !== "string") return "json";
  if (name === "password") return "password";
  return (numberOf(maxLength) ?? 0) > LONG_TEXT ? "prompt" : "text";
}

/** Columns for things whose properties are all text; none for others. */
function columnsOf({ properties, required }: Json): Column[] {
  const entries = Object.entries(isJson(properties) ? properties : {});
  const columns = entries.flatMap(([name, schema]) =>
    isJson(schema) && schema["type"] === "string"
      ? [
          {
            name,
            required: textsOf(required).includes(name) && schema["default"] === undefined,
            choices: textsOf(schema["enum"]),
            initial: textOf(schema["default"]) ?? "",
          },
        ]
      : [],
  );
  return columns.length === entries.length ? columns : [];
}

/** The rows that a form's text holds; an empty one where it holds none. */
export function rowsOf(text: string, columns: readonly Column[]): Readonly<Record<string, string>>[] {
  const rows = text === "" ? [] : (JSON.parse(text) as Readonly<Record<string, string>>[]);
  return rows.length > 0 ? rows : [Object.fromEntries(columns.map(({ name, initial }) => [name, initial]))];
}

/** Rows without their empty cells, and without rows that nothing was written in. Error, in words, where a cell that is needed is empty. */
function filledRows(name: string, text: string, columns: readonly Column[]): Json[] | undefined {
  const written = rowsOf(text, columns).filter((row) => columns.some((column) => (row[column.name] ?? "") !== column.initial));
  for (const [index, row] of written.entries()) {
    const missing = columns.find((column) => column.required && (row[column.name] ?? "").trim() === "");
    if (missing !== undefined) throw new Error(`${name}: row ${index + 1} has no ${missing.name}.`);
  }
  const filled = written.map((row) => Object.fromEntries(Object.entries(row).filter(([, cell]) => cell.trim() !== "")));
  return filled.length === 0 ? undefined : filled;
}

function initialOf(name: string, kind: Parameter["kind"], schema: Json): FormValue {
  const preset = schema["default"];
  if (kind === "truth") return preset === true;
  if (kind === "choices") return textsOf(preset);
  // An agent pays for each box it is told; a person wants to see them.
  if (name === "evidence" && textsOf(schema["enum"]).includes("boxes")) return "boxes";
  return preset === undefined ? "" : typeof preset === "string" ? preset : JSON.stringify(preset);
}

/** The form's values as arguments of a call; what was left as the tool has it by itself is left out. Error, in words, for what is no number or no JSON. */
export function toArguments(inputSchema: Json, values: FormValues): Json {
  const properties = isJson(inputSchema["properties"]) ? inputSchema["properties"] : {};
  const entries = parametersOf(inputSchema).flatMap((parameter) => {
    const { name } = parameter;
    const value = toArgument(parameter, values[name] ?? parameter.initial);
    const schema = properties[name];
    const preset = isJson(schema) ? schema["default"] : undefined;
    const isDefault = JSON.stringify(value) === JSON.stringify(preset ?? (typeof value === "boolean" ? false : undefined));
    return value === undefined || isDefault ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

function toArgument({ name, kind, columns }: Parameter, value: FormValue): unknown {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return value.length === 0 ? undefined : value;
  if (value.trim() === "") return undefined;
  if (kind === "rows") return filledRows(name, value, columns);
  if (kind === "number") {
    const number = Number(value);
    if (!Number.isFinite(number)) throw new Error(`${name} is no number.`);
    return number;
  }
  if (kind !== "json") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    throw new Error(`${name} is no JSON.`);
  }
}
