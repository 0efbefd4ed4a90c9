import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** ICDAR 2019 SROIE: scanned receipts with their lines and four fields. */
export interface Receipt {
  readonly name: string;
  readonly image: Buffer;
  readonly lines: readonly string[];
  readonly fields: { readonly company: string; readonly date: string; readonly total: string };
}

/** Where the corpora are: `SIGHTLINE_CORPORA`, else `../shared/corpora` beside the checkout. */
export const CORPORA = process.env["SIGHTLINE_CORPORA"] ?? fileURLToPath(new URL("../../shared/corpora", import.meta.url));

/** Names of the receipts, sorted; none when the corpus is not there. */
export async function receiptNames(): Promise<string[]> {
  const files = await readdir(path.join(CORPORA, "sroie")).catch(() => [] as string[]);
  return files
    .filter((file) => file.endsWith(".jpg"))
    .map((file) => path.basename(file, ".jpg"))
    .sort();
}

export async function readReceipt(name: string): Promise<Receipt> {
  const file = (extension: string): string => path.join(CORPORA, "sroie", `${name}.${extension}`);
  const rows = (await readFile(file("csv"), "utf8")).split(/\r?\n/).filter((row) => row !== "");
  return {
    name,
    image: await readFile(file("jpg")),
    // Eight coordinates, then the text, which may hold commas.
    lines: rows.map((row) => row.split(",").slice(8).join(",")),
    fields: JSON.parse(await readFile(file("json"), "utf8")) as Receipt["fields"],
  };
}
