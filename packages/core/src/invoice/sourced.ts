import { boxAsGiven } from "../page.ts";
import type { Page } from "../page.ts";
import type { Evidence, EvidenceRecord } from "./schema.ts";

/** A value beside the evidence for it. */
export interface Found<Value extends string = string> {
  readonly value: Value;
  readonly evidence: Evidence;
}

/** The shape of `T` with every value beside its evidence; what is absent is undefined. */
export type Sourced<T> = T extends string
  ? Found<T>
  : T extends readonly (infer Item)[]
    ? readonly Sourced<Item>[]
    : { readonly [Key in keyof T]?: Sourced<NonNullable<T[Key]>> | undefined };

/**
 * Values and evidence parted: the same shape with values alone, and the evidence by path ("lines[0].net_amount"). What is absent is left out, and
 * so is an object or a list with nothing in it; an empty entry of a list too, before its place is counted.
 */
export function partEvidence<T>(sourced: Sourced<T>): { readonly value: T; readonly evidence: EvidenceRecord } {
  const evidence: EvidenceRecord = {};
  const value = part(sourced, "", evidence) ?? {};
  return { value: value as T, evidence };
}

/** The evidence with its boxes on the pages as they were given, whichever way these were turned to be read. */
export function evidenceAsGiven(evidence: EvidenceRecord, pages: readonly Page[]): EvidenceRecord {
  return Object.fromEntries(
    Object.entries(evidence).map(([path, found]) => {
      const page = found.box && pages.find(({ number }) => number === found.page);
      return [path, page === undefined || found.box === undefined ? found : { ...found, box: boxAsGiven(found.box, page) }];
    }),
  );
}

function part(node: unknown, path: string, evidence: EvidenceRecord): unknown {
  if (typeof node !== "object" || node === null) return undefined;
  if (Array.isArray(node)) {
    const items = node.filter(holdsSomething).map((item: unknown, index) => part(item, `${path}[${index}]`, evidence));
    return items.length === 0 ? undefined : items;
  }
  if (isFound(node)) {
    evidence[path] = node.evidence;
    return node.value;
  }
  const entries = Object.entries(node)
    .map(([key, child]) => [key, part(child, path === "" ? key : `${path}.${key}`, evidence)] as const)
    .filter(([, child]) => child !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function isFound(node: object): node is Found {
  return "value" in node && "evidence" in node && typeof node.value === "string";
}

function holdsSomething(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  return isFound(node) || Object.values(node).some(holdsSomething);
}
