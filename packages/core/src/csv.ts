/** Rows for a spreadsheet; what a row does not have is an empty cell. */
export interface Table<Item> {
  readonly columns: readonly string[];
  rows(item: Item): readonly Readonly<Record<string, string | undefined>>[];
}

/** Rows as CSV, RFC 4180, safe to open in a spreadsheet, below a header unless it is asked to be left out. What a row does not have is an empty cell. */
export async function toCsv(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, string | undefined>>[],
  { header = true }: { readonly header?: boolean } = {},
): Promise<string> {
  const { stringify } = await import("csv-stringify/sync");
  const records = rows.map((row) => columns.map((column) => withoutFormula(row[column] ?? "")));
  // A lone line feed inside a cell is quoted too, though it is not the delimiter: readers take it for one.
  return stringify([...(header ? [[...columns]] : []), ...records], { record_delimiter: "windows", quoted_match: /[\r\n]/ });
}

/**
 * Spreadsheets run a cell that begins with one of these as a formula, and invoices come from strangers. An apostrophe makes it text; a number stays a number.
 * Source: OWASP, CSV injection.
 */
function withoutFormula(text: string): string {
  const isFormula = /^[\s\0]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) || /^[\t\r\n]/.test(text);
  return isFormula && !/^[+-]?\d+(?:\.\d+)?$/.test(text) ? `'${text}` : text;
}
