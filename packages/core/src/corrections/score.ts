import type { ValueKind } from "../grounding.ts";
import { canonicalAmount, shortest } from "../invoice/amount.ts";
import { parseIsoDate } from "../invoice/date.ts";
import { foldText } from "../page.ts";
import { bestPairs } from "./assignment.ts";

/**
 * How right an answer is, value by value. A value is a field that is no object and no list. It is right when the correct answer has the same in the same place; one that is missing,
 * and one that is there though it should not be, are wrong. Rows of lists (lines of an invoice) have no order: they are paired so that as many values as possible are right.
 */

/** Values right, of all that one of the two answers has. */
export interface Tally {
  readonly right: number;
  readonly total: number;
}

/** A value that is wrong; undefined where one of the two answers has none. */
export interface WrongValue {
  /** "invoices[0].lines[2].net_amount": rows count as in the correct answer; those that only the other one has come behind them. */
  readonly path: string;
  readonly correct: unknown;
  readonly given: unknown;
}

export interface Score extends Tally {
  /** By field, rows together: "invoices[].lines[].net_amount". */
  readonly fields: Readonly<Record<string, Tally>>;
  readonly wrong: readonly WrongValue[];
}

/** How the value at a path is compared. */
export type KindAt = (path: string) => ValueKind;

/** From 0 to 1; 1 where neither answer has a value. */
export function accuracyOf({ right, total }: Tally): number {
  return total === 0 ? 1 : right / total;
}

/** Holds `given` against `correct`, both plain data as JSON has it. */
export function scoreValues(correct: unknown, given: unknown, kindAt: KindAt): Score {
  const fields: Record<string, { right: number; total: number }> = Object.create(null) as Record<string, { right: number; total: number }>;
  const wrong: WrongValue[] = [];
  let [right, total] = [0, 0];
  for (const value of compare(correct, given, "", kindAt)) {
    const field = (fields[fieldOf(value.path)] ??= { right: 0, total: 0 });
    field.total += 1;
    total += 1;
    if (value.same) {
      field.right += 1;
      right += 1;
    } else wrong.push({ path: value.path, correct: value.correct, given: value.given });
  }
  return { right, total, fields, wrong };
}

/** The field of a path: "lines[2].unit" is "lines[].unit". */
export function fieldOf(path: string): string {
  return path.replaceAll(/\[\d+\]/g, "[]");
}

interface Compared extends WrongValue {
  readonly same: boolean;
}

function compare(correct: unknown, given: unknown, path: string, kindAt: KindAt): Compared[] {
  const [a, b] = [present(correct), present(given)];
  if (a === undefined && b === undefined) return [];
  if (isList(a ?? b) && isList(b ?? a)) return compareLists(asList(a), asList(b), path, kindAt);
  if (isGroup(a ?? b) && isGroup(b ?? a)) {
    const [one, other] = [asGroup(a), asGroup(b)];
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((key) =>
      compare(own(one, key), own(other, key), path === "" ? key : `${path}.${key}`, kindAt),
    );
  }
  // An object in the place of a value, or a value in that of an object: all of both is wrong.
  if (isList(a) || isGroup(a) || isList(b) || isGroup(b))
    return [...compare(a, undefined, path, kindAt), ...compare(undefined, b, path, kindAt)];
  return [{ path, correct: a, given: b, same: a !== undefined && b !== undefined && isSameValue(a, b, kindAt(path)) }];
}

/** An empty text says as much as none. */
function present(value: unknown): unknown {
  return value === null || (typeof value === "string" && value.trim() === "") ? undefined : value;
}

function compareLists(correct: readonly unknown[], given: readonly unknown[], path: string, kindAt: KindAt): Compared[] {
  const partners = pairRows(correct, given, path, kindAt);
  const taken = new Set(partners.values());
  const extra = given.map((_, index) => index).filter((index) => !taken.has(index));
  return [
    ...correct.flatMap((row, index) => {
      const partner = partners.get(index);
      return compare(row, partner === undefined ? undefined : given[partner], `${path}[${index}]`, kindAt);
    }),
    ...extra.flatMap((index, behind) => compare(undefined, given[index], `${path}[${correct.length + behind}]`, kindAt)),
  ];
}

/** The row of `given` that belongs to each of `correct`. Rows that are the same are taken out first: no better pairing can part them, and few are left to be weighed. */
function pairRows(correct: readonly unknown[], given: readonly unknown[], path: string, kindAt: KindAt): Map<number, number> {
  const partners = new Map<number, number>();
  const free = new Map<string, number[]>();
  for (const [index, row] of given.entries()) {
    const key = keyOf(row, path, kindAt);
    free.set(key, [...(free.get(key) ?? []), index]);
  }
  for (const [index, row] of correct.entries()) {
    const same = free.get(keyOf(row, path, kindAt))?.shift();
    if (same !== undefined) partners.set(index, same);
  }
  const left = correct.map((_, index) => index).filter((index) => !partners.has(index));
  const others = [...free.values()].flat().sort((a, b) => a - b);
  const size = (row: unknown): number => compare(row, undefined, "", kindAt).length;
  const [sizes, otherSizes] = [left.map((index) => size(correct[index])), others.map((index) => size(given[index]))];
  const pairs = bestPairs(left.length, others.length, (a, b) => {
    const pair = compare(correct[left[a] ?? -1], given[others[b] ?? -1], `${path}[0]`, kindAt);
    // First as many right as can be, then as few wrong: two rows that are paired have less to be wrong than each alone.
    return pair.filter(({ same }) => same).length * MOST_VALUES + ((sizes[a] ?? 0) + (otherSizes[b] ?? 0) - pair.length);
  });
  for (const [a, b] of pairs) partners.set(left[a] ?? -1, others[b] ?? -1);
  return partners;
}

/** More values than two rows have together. */
const MOST_VALUES = 100_000;

/** Equal for rows that are wholly the same. */
function keyOf(row: unknown, path: string, kindAt: KindAt): string {
  const keyed = (value: unknown, at: string): unknown => {
    const here = present(value);
    if (isList(here)) return here.map((each) => keyOf(each, at, kindAt)).sort();
    if (!isGroup(here)) return here === undefined ? null : canonical(here, kindAt(at));
    const entries = Object.entries(here).map(([key, each]): [string, unknown] => [key, keyed(each, `${at}.${key}`)]);
    return entries
      .filter(([, each]) => each !== null && JSON.stringify(each) !== "[]" && JSON.stringify(each) !== "{}")
      .sort(([a], [b]) => (a < b ? -1 : 1));
  };
  return JSON.stringify(keyed(row, `${path}[0]`));
}

/** Numbers, amounts and dates are the same when they say the same; texts when their letters and digits are, whatever stands between them and however they are written. */
function isSameValue(a: unknown, b: unknown, kind: ValueKind): boolean {
  return canonical(a, kind) === canonical(b, kind);
}

function canonical(value: unknown, kind: ValueKind): string {
  if (typeof value === "boolean") return `is ${value}`;
  const text = typeof value === "string" ? value : String(value);
  if (kind === "amount" || typeof value === "number") {
    const amount = canonicalAmount(text);
    if (amount !== undefined) return `number ${shortest(amount)}`;
  }
  if (kind === "date") {
    const day = parseIsoDate(text);
    if (day !== undefined) return `day ${day}`;
  }
  const folded = foldText(text);
  return folded === "" ? `signs ${text.trim()}` : `text ${folded}`;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const asList = (value: unknown): readonly unknown[] => (isList(value) ? value : []);
const asGroup = (value: unknown): Readonly<Record<string, unknown>> => (isGroup(value) ? value : {});

function own(group: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(group, key) ? group[key] : undefined;
}
