import { InputError } from "../bridge/core.ts";

/** What Extract Data is to read, as its parameters say it: fields in a list, or JSON for what a list cannot say and for expressions. */

/** A row of the list. */
interface Row {
  readonly name?: string;
  readonly type?: string;
  readonly description?: string;
}

/** The part of extract_data's input that names what is wanted. `parameter` gives a parameter of the node. InputError where it names nothing. */
export function wantedData(parameter: (name: string) => unknown): { readonly fields: unknown } | { readonly schema: unknown } {
  return parameter("defineFields") === "json" ? fromJson(parameter("fieldsJson")) : { fields: fromRows(parameter("dataFields")) };
}

function fromRows(given: unknown): readonly Row[] {
  const { field: rows = [] } = given as { readonly field?: readonly Row[] };
  const fields = rows.flatMap(({ name = "", type, description = "" }) =>
    name.trim() === ""
      ? []
      : [{ name: name.trim(), ...(type === undefined ? {} : { type }), ...(description === "" ? {} : { description }) }],
  );
  if (fields.length > 0) return fields;
  throw new InputError("No field to read is named.", { hint: 'Click "Add Field", and give each a name.' });
}

/** A list is one of fields, an object a JSON Schema. */
function fromJson(given: unknown): { readonly fields: unknown } | { readonly schema: unknown } {
  const value = typeof given === "string" ? parsed(given) : given;
  if (Array.isArray(value)) return { fields: value };
  if (typeof value === "object" && value !== null) return { schema: value };
  throw notFields();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notFields(error);
  }
}

function notFields(cause?: unknown): InputError {
  return new InputError("Fields (JSON) holds neither a JSON list of fields nor a JSON Schema.", {
    hint: 'A list of fields is like [{"name": "rent", "type": "amount", "description": "rent a month"}].',
    cause,
  });
}
