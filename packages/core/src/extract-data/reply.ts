import * as z from "zod";
import { parseJsonAnswer } from "../answer.ts";
import type { Grounds, Place, ValueKind } from "../grounding.ts";
import { foldText } from "../page.ts";
import type { Evidence } from "../invoice/schema.ts";
import type { Leaf, LeafType, Shape } from "./shape.ts";

/** What a model answers in the user's shape: each value with the words it was read from, which are looked up on the pages. */

/** JSON Schema of the reply: the user's shape with a value and its quote in the place of each value. */
export function replySchema(shape: Shape): Record<string, unknown> {
  const described = shape.description === undefined ? {} : { description: shape.description };
  if (shape.kind === "list") return { type: "array", items: replySchema(shape.item), ...described };
  if (shape.kind === "group") {
    return {
      type: "object",
      properties: Object.fromEntries(shape.fields.map((field) => [field.name, replySchema(field.shape)])),
      ...described,
    };
  }
  return {
    type: "object",
    properties: {
      value: { type: JSON_TYPES[shape.type], ...(shape.choices === undefined || shape.type !== "text" ? {} : { enum: shape.choices }) },
      quote: { type: "string", description: "The words of the page it stands in, exactly as printed" },
    },
    ...described,
  };
}

/** Numbers are asked for as they are printed: code reads them. */
const JSON_TYPES: Readonly<Record<LeafType, "string" | "boolean">> = {
  text: "string",
  number: "string",
  integer: "string",
  amount: "string",
  date: "string",
  boolean: "boolean",
};

const anyReply = z.record(z.string(), z.unknown());
export type Reply = z.output<typeof anyReply>;

/** AnswerError when it is no JSON object. What does not fit the shape is found when it is read. */
export function parseReply(text: string): Reply {
  return parseJsonAnswer(text, anyReply);
}

/** Data in the user's shape, with what is known of it. */
export interface ReadData {
  /** Absent fields are left out; undefined where there is nothing at all. */
  readonly data: unknown;
  /** By path: "total", "items[0].price". */
  readonly evidence: Readonly<Record<string, Evidence>>;
  /** Why a person should look at it. */
  readonly reasons: readonly string[];
}

/** Reads replies about consecutive pages as one: of a value the first that there is, of a list all entries. */
export function readReplies(shape: Shape, replies: readonly unknown[], grounds: Grounds): ReadData {
  const evidence: Record<string, Evidence> = {};
  const reasons: string[] = [];
  const taken: Place[] = [];
  const data = read(shape, replies, "", true);
  return { data, evidence, reasons };

  function read(node: Shape, answers: readonly unknown[], path: string, required: boolean, near?: { place?: Place | undefined }): unknown {
    if (node.kind === "group") {
      const beside = near ?? {};
      const entries = node.fields.flatMap(({ name, required: isRequired, shape: field }) => {
        const inside = answers.flatMap((answer) => (isObject(answer) && name in answer ? [answer[name]] : []));
        const value = read(
          field,
          inside,
          path === "" ? name : `${path}.${name}`,
          required && isRequired,
          near === undefined ? undefined : beside,
        );
        return value === undefined ? [] : [[name, value] as const];
      });
      return entries.length === 0 ? undefined : Object.fromEntries(entries);
    }
    if (node.kind === "list") {
      const items: unknown[] = [];
      for (const answer of answers.flatMap((each) => (Array.isArray(each) ? (each as unknown[]) : []))) {
        const item = read(node.item, [answer], `${path}[${items.length}]`, false, {});
        if (item !== undefined) items.push(item);
      }
      if (items.length === 0 && required) reasons.push(`Nothing was found for ${path}.`);
      return items.length === 0 ? undefined : items;
    }
    for (const answer of answers) {
      const value = readLeaf(node, answer, path, near);
      if (value !== undefined) return value;
    }
    if (required) reasons.push(`Nothing was found for ${path}.`);
    return undefined;
  }

  function readLeaf(leaf: Leaf, answer: unknown, path: string, near: { place?: Place | undefined } | undefined): unknown {
    // Small models give the bare value where an object was asked for: it is its own quote.
    const { value: said, quote: given } = isObject(answer) ? answer : { value: answer, quote: undefined };
    if (said === null || said === undefined || said === "") return undefined;
    const quote =
      typeof given === "string" && given.trim() !== "" ? given : typeof said === "string" || typeof said === "number" ? `${said}` : "";
    const value = valueOf(leaf, said, grounds);
    if (value === undefined) {
      reasons.push(
        `${path} was left out: ${JSON.stringify(said)} is ${leaf.choices === undefined ? `no ${leaf.type}` : `none of ${leaf.choices.join(", ")}`}.`,
      );
      return undefined;
    }
    const place = quote === "" ? undefined : placeOf(leaf, value, quote, { near: near?.place, taken: near === undefined ? [] : taken });
    if (near !== undefined) near.place ??= place;
    if (near !== undefined && place !== undefined && leaf.type !== "boolean" && leaf.choices === undefined) taken.push(place);
    evidence[path] =
      place === undefined
        ? { quote: quote.replaceAll(/\s+/g, " ").trim(), grounded: false, source: "model" }
        : { page: place.page, box: { ...place.box }, quote: place.text, grounded: true, source: "model" };
    return value;
  }

  /** Where the quote stands, if the value stands in it; a choice and a yes or no are judged, not printed. */
  function placeOf(
    leaf: Leaf,
    value: unknown,
    quote: string,
    where: { near: Place | undefined; taken: readonly Place[] },
  ): Place | undefined {
    if (leaf.type === "boolean" || leaf.choices !== undefined) return grounds.find(quote, "text", where);
    if (leaf.type === "text") {
      return foldText(quote).includes(foldText(String(value))) ? grounds.find(quote, "text", where) : undefined;
    }
    const kind = KINDS[leaf.type];
    const printed = String(value);
    // The quote may be a whole row, of which the value is a part.
    const row = grounds.find(quote, "text", where);
    const inRow = row === undefined ? undefined : grounds.find(printed, kind, { ...where, near: row });
    if (row !== undefined && inRow !== undefined && inRow.page === row.page && overlaps(inRow, row)) return inRow;
    return grounds.valueOf(quote, kind) === undefined ? undefined : grounds.find(quote, kind, where);
  }
}

const KINDS: Readonly<Record<"number" | "integer" | "amount" | "date", ValueKind>> = {
  number: "amount",
  integer: "amount",
  amount: "amount",
  date: "date",
};

/** The value in the type that was asked for; undefined when it is none. */
function valueOf({ type, choices }: Leaf, said: unknown, grounds: Grounds): unknown {
  if (type === "boolean") return typeof said === "boolean" ? said : undefined;
  if (typeof said !== "string" && typeof said !== "number") return undefined;
  const text = String(said);
  const value = readText(type, text, grounds);
  if (choices === undefined || value === undefined) return value;
  const choice = choices.find((each) => each.toLowerCase() === String(value).toLowerCase());
  return choice === undefined || type === "text" ? choice : value;
}

function readText(type: Exclude<LeafType, "boolean">, text: string, grounds: Grounds): string | number | undefined {
  switch (type) {
    case "text":
      return grounds.valueOf(text, "text");
    case "date":
      return grounds.valueOf(text, "date");
    case "amount":
      return grounds.valueOf(text, "amount");
    case "number":
    case "integer": {
      const amount = grounds.valueOf(text, "amount");
      const number = amount === undefined ? undefined : Number(amount);
      return number === undefined || (type === "integer" && !Number.isInteger(number)) ? undefined : number;
    }
  }
}

function overlaps({ box: a }: Place, { box: b }: Place): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
