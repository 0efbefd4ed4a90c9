/** What the generated table says of an operation: how the node's parameters become a task's input. */

/** As core tells them apart. Its own type would bring the whole of it to the generator, which is built otherwise. */
type FileKind = "image" | "pdf" | "video" | "xml";

export interface Operation {
  readonly task: string;
  /** What it does, as n8n lists it: "Extract an invoice". */
  readonly action: string;
  /** The task's field for files, the kinds it takes, whether it takes several at once, and whether logos are none of what it is for. */
  readonly files?: { readonly field: string; readonly kinds: readonly FileKind[]; readonly several: boolean; readonly skipsLogos: boolean };
  readonly fields: readonly Field[];
}

/** By `resource:operation`. */
export type Operations = Readonly<Record<string, Operation>>;

export interface Field {
  readonly name: string;
  /** What the editor calls it. */
  readonly label: string;
  /** True for a parameter of its own, false for one in the options. */
  readonly required: boolean;
  /** How what a user gives becomes the field's value. */
  readonly form: "as-is" | "list";
}
