import { isJson, type Json } from "./json.ts";

/** A value put right by a person. */
export interface Correction {
  readonly at: readonly (string | number)[];
  readonly value: string;
}

/** The answer with the corrections in it. A number or truth value stays one where the new text is one; everything else is text. */
export function corrected(output: Json, corrections: readonly Correction[]): Json {
  return corrections.reduce((whole, { at, value }) => put(whole, at, value) as Json, output);
}

function put(node: unknown, [key, ...rest]: readonly (string | number)[], value: string): unknown {
  if (key === undefined) return sameKind(node, value);
  if (Array.isArray(node)) return node.map((each: unknown, index) => (index === key ? put(each, rest, value) : each));
  return isJson(node) ? { ...node, [key]: put(node[key], rest, value) } : node;
}

function sameKind(before: unknown, text: string): unknown {
  if (typeof before === "number") return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
  if (typeof before === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return text;
}
