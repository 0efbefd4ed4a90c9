import type { EvidenceRecord, EvidenceSource, Evidence, Invoice } from "../invoice/schema.ts";

/** An invoice with the evidence for it, whichever source it was read from. */
export interface Reading {
  readonly invoice: Invoice;
  readonly evidence: EvidenceRecord;
  /** Pages it stands on, from 1. */
  readonly pages: readonly number[];
}

/** Where most of the values come from; the first source of the list where two are even. */
export function mainSource({ evidence }: Pick<Reading, "evidence">): EvidenceSource {
  const counts = new Map<EvidenceSource, number>();
  for (const { source } of Object.values(evidence)) counts.set(source, (counts.get(source) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? "text";
}

/** `reading` with what only `other` has: fields that are absent, and lists of which there is none, each with its evidence. */
export function completed(reading: Reading, other: Pick<Reading, "invoice" | "evidence">): Reading {
  const evidence: EvidenceRecord = { ...reading.evidence };
  const invoice = completedObject(reading.invoice, other.invoice, "", (path) => {
    for (const [each, found] of Object.entries(other.evidence)) if (isWithin(each, path)) evidence[each] = found;
  });
  return { ...reading, invoice, evidence };
}

function completedObject<T extends object>(own: T, other: T, path: string, taken: (path: string) => void): T {
  const result = { ...own } as Record<string, unknown>;
  for (const [key, theirs] of Object.entries(other)) {
    const here = path === "" ? key : `${path}.${key}`;
    const mine = result[key];
    if (mine === undefined) {
      result[key] = theirs;
      taken(here);
    } else if (isPlainObject(mine) && isPlainObject(theirs)) {
      result[key] = completedObject(mine, theirs, here, taken);
    }
  }
  return result as T;
}

/** `reading` with one value ("totals.gross") in the place of what was there. */
export function withValue(reading: Reading, path: string, value: string, evidence: Evidence): Reading {
  const keys = path.split(".");
  const put = (node: object, [key = "", ...rest]: readonly string[]): object => {
    const child = (node as Record<string, unknown>)[key];
    return { ...node, [key]: rest.length === 0 ? value : put(isPlainObject(child) ? child : {}, rest) };
  };
  return { ...reading, invoice: put(reading.invoice, keys), evidence: { ...reading.evidence, [path]: evidence } };
}

/** `reading` with another list ("lines") and its evidence in the place of what was there. */
export function withList(
  reading: Reading,
  list: "lines" | "taxes",
  items: Invoice["lines"] & Invoice["taxes"],
  evidence: EvidenceRecord,
): Reading {
  const kept = Object.entries(reading.evidence).filter(([path]) => !isWithin(path, list));
  return { ...reading, invoice: { ...reading.invoice, [list]: items }, evidence: { ...Object.fromEntries(kept), ...evidence } };
}

/** The value at a path ("totals.gross"); undefined where there is none. */
export function valueAt(invoice: Invoice, path: string): string | undefined {
  let node: unknown = invoice;
  for (const key of path.split(/[.[\]]+/).filter((each) => each !== "")) node = (node as Record<string, unknown> | undefined)?.[key];
  return typeof node === "string" ? node : undefined;
}

/** Whether a path is `field` or lies in it: "lines[0].unit" in "lines". */
export function isWithin(path: string, field: string): boolean {
  return path === field || (path.startsWith(field) && (path[field.length] === "." || path[field.length] === "["));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
