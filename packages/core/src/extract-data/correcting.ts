import type { AskedOnce } from "../correcting.ts";
import { groundsOf } from "../grounding.ts";
import type { Grounds, ValueKind } from "../grounding.ts";
import type { EvidenceRecord } from "../invoice/schema.ts";
import { printedAs, standsIn } from "../printed-as.ts";
import type { Leaf, LeafType, Shape } from "./shape.ts";

const KINDS: Readonly<Record<LeafType, ValueKind>> = {
  text: "text",
  boolean: "text",
  number: "amount",
  integer: "amount",
  amount: "amount",
  date: "date",
};

/** How the value at a path ("items[0].price") is compared. */
export function kindIn(shape: Shape, path: string): ValueKind {
  let node: Shape | undefined = shape;
  for (const key of path.split(/[.[\]]+/).filter((each) => each !== "" && !/^\d+$/.test(each))) {
    while (node?.kind === "list") node = node.item;
    node = node?.kind === "group" ? node.fields.find(({ name }) => name === key)?.shape : undefined;
  }
  while (node?.kind === "list") node = node.item;
  return node?.kind === "leaf" ? KINDS[node.type] : "text";
}

/** What a model should reply in this shape: each value as printed, with the words it stands in. */
export function rightReply({ request, pages }: AskedOnce, shape: Shape, data: unknown, evidence: EvidenceRecord): string {
  const grounds = groundsOf(pages);
  const reply = (node: Shape, value: unknown, path: string): unknown => {
    if (value === undefined || value === null) return null;
    if (node.kind === "leaf") return leafReply(node, value, evidence[path]?.quote, grounds, request);
    if (node.kind === "list") {
      const items = (Array.isArray(value) ? (value as unknown[]) : []).map((each, index) => reply(node.item, each, `${path}[${index}]`));
      const given = items.filter((each) => each !== null);
      return given.length === 0 ? null : given;
    }
    const fields = node.fields.map(({ name, shape: field }): [string, unknown] => [
      name,
      reply(
        field,
        Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined,
        path === "" ? name : `${path}.${name}`,
      ),
    ]);
    return path !== "" && fields.every(([, each]) => each === null) ? null : Object.fromEntries(fields);
  };
  return JSON.stringify(reply(shape, data, ""));
}

/** A choice and a yes or no are judged, not printed: their quote is the one that was shown with them. */
function leafReply(leaf: Leaf, value: unknown, quoted: string | undefined, grounds: Grounds, request: AskedOnce["request"]): unknown {
  if (leaf.type === "boolean" || leaf.choices !== undefined) return { value, ...(quoted === undefined ? {} : { quote: quoted }) };
  const printed = printedAs(String(value), KINDS[leaf.type], grounds);
  return standsIn(request, printed.place, grounds.pages) ? { value: printed.text, quote: printed.text } : null;
}
