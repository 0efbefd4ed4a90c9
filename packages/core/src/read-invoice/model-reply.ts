import * as z from "zod";
import { parseJsonAnswer } from "../answer.ts";
import type { Grounds, Place, WhereWanted } from "../grounding.ts";
import type { Evidence, EvidenceRecord, Invoice } from "../invoice/schema.ts";
import { LISTS } from "./fields.ts";
import type { InvoiceField, ListName } from "./fields.ts";

/** What a model is asked about an invoice and what it answers: quotes, which are looked up on the pages. */

/** What is to be asked for. */
export interface Wanted {
  readonly fields: readonly InvoiceField[];
  readonly lists: readonly ListName[];
}

/** The model's words by field key ("totals_gross"), and its lists. Nothing of it is trusted. */
export interface Reply {
  readonly fields: Readonly<Record<string, string | undefined>>;
  readonly lists: Readonly<Partial<Record<ListName, readonly Readonly<Record<string, string | undefined>>[]>>>;
}

const quote = z.string().optional();

/** The reply as a flat object of quotes: small models lose their way in nested ones. */
function replyShape({ fields, lists }: Wanted): z.ZodObject {
  return z.object({
    ...Object.fromEntries(fields.map((field) => [keyOf(field), quote])),
    ...Object.fromEntries(
      lists.map((list) => [list, z.array(z.object(Object.fromEntries(LISTS[list].map((field) => [keyOf(field), quote])))).optional()]),
    ),
  });
}

/** The key of a field in a reply. */
export const keyOf = ({ path }: InvoiceField): string => path.replaceAll(".", "_");

export function replySchema(wanted: Wanted): { name: string; schema: Record<string, unknown> } {
  return { name: "invoice", schema: z.toJSONSchema(replyShape(wanted)) };
}

/** AnswerError when it is no such reply. */
export function parseReply(text: string, wanted: Wanted): Reply {
  const value = parseJsonAnswer(text, replyShape(wanted)) as Readonly<Record<string, unknown>>;
  return {
    fields: Object.fromEntries(wanted.fields.map((field) => [field.path, value[keyOf(field)] as string | undefined])),
    lists: Object.fromEntries(wanted.lists.map((list) => [list, value[list]])),
  };
}

/** The one prompt of this task; the pages follow it. */
export function invoicePrompt({ fields, lists }: Wanted): string {
  return [
    "Read the invoice or receipt below and copy these values out of it, each exactly as it is printed: the same digits, letters and signs.",
    "Compute nothing, round nothing, translate nothing, and do not complete what is cut off. Give null for what is not printed.",
    ...fields.map((field) => `- ${keyOf(field)}: ${field.words}`),
    ...lists.map((list) => `- ${list}: ${LIST_WORDS[list]}: ${LISTS[list].map((field) => `${keyOf(field)} (${field.words})`).join(", ")}`),
  ].join("\n");
}

const LIST_WORDS: Readonly<Record<ListName, string>> = {
  lines: "one entry for each line of what is sold, in the order printed, none that is a sum",
  taxes: "one entry for each tax rate that the totals list",
};

/** Replies about consecutive pages as one. */
export function joinReplies(replies: readonly Reply[], { fields, lists }: Wanted): Reply {
  return {
    fields: Object.fromEntries(
      fields.map(({ path, last }) => {
        const given = replies.map((reply) => reply.fields[path]).filter((each) => each !== undefined && each.trim() !== "");
        return [path, last === true ? given.at(-1) : given[0]];
      }),
    ),
    lists: Object.fromEntries(lists.map((list) => [list, replies.flatMap((reply) => reply.lists[list] ?? [])])),
  };
}

/** A value that the model quotes, and where that stands, if it does. */
export interface Quoted {
  readonly value: string;
  readonly evidence: Evidence;
  readonly place: Place | undefined;
}

/** Undefined where the quote says nothing of that kind. */
export function ground(quoted: string | undefined, field: InvoiceField, grounds: Grounds, where: WhereWanted = {}): Quoted | undefined {
  if (quoted === undefined) return undefined;
  const value = grounds.valueOf(quoted, field.kind);
  if (value === undefined) return undefined;
  const place = grounds.find(quoted, field.kind, { last: field.last, ...where });
  const words = quoted.replaceAll(/\s+/g, " ").trim();
  const evidence: Evidence =
    place === undefined
      ? { quote: words, grounded: false, source: "model" }
      : { page: place.page, box: { ...place.box }, quote: place.text, grounded: true, source: "model" };
  return { value, evidence, place };
}

export interface QuotedList {
  readonly items: NonNullable<Invoice["lines"]> & NonNullable<Invoice["taxes"]>;
  /** By path into the invoice. */
  readonly evidence: EvidenceRecord;
}

/** The model's list with each of its values looked up, those of an entry beside one another and no amount twice for two entries. Undefined for an empty one. */
export function groundList(list: ListName, reply: Reply, grounds: Grounds): QuotedList | undefined {
  const items: Record<string, string>[] = [];
  const evidence: EvidenceRecord = {};
  const taken: Place[] = [];
  for (const entry of reply.lists[list] ?? []) {
    const item: Record<string, string> = {};
    let near: Place | undefined;
    for (const field of LISTS[list]) {
      const found = ground(entry[keyOf(field)], field, grounds, { near, taken });
      if (found === undefined) continue;
      item[field.path] = found.value;
      evidence[`${list}[${items.length}].${field.path}`] = found.evidence;
      near ??= found.place;
      if (found.place !== undefined && UNIQUE.has(field.path)) taken.push(found.place);
    }
    if (Object.keys(item).length > 0) items.push(item);
  }
  return items.length === 0 ? undefined : { items, evidence };
}

/** What each entry has a place of its own for. */
const UNIQUE: ReadonlySet<string> = new Set(["net_amount", "tax"]);
