/** What the generated table says of an operation: how the node's parameters become a task's input. */

export interface Operation {
  readonly task: string;
  /** The task's field for files, what it takes, and whether it takes several at once. */
  readonly files?: { readonly field: string; readonly takes: "image" | "document" | "video"; readonly several: boolean };
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  /** True for a parameter of its own, false for one in the options. */
  readonly required: boolean;
  /** How what a user gives becomes the field's value. */
  readonly form: "as-is" | "list" | "json";
}
