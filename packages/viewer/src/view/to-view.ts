import { isJson, listOf, textOf, textsOf, type Json } from "./json.ts";
import { readData, readInvoice } from "./read-fields.ts";
import { readHits } from "./read-hits.ts";
import { readMarks } from "./read-marks.ts";
import type { View } from "./view.ts";

/**
 * How an answer is shown, told by its shape and never by its tool's name: a task that is added tomorrow and answers with boxes, fields or times is shown as well.
 */
export function toView(output: Json): View {
  const invoices = listOf(output["invoices"]).map((each, index, { length }) =>
    readInvoice(each, ["invoices", index], length > 1 ? ` ${index + 1}` : ""),
  );
  const data = isJson(output["data"]) ? [readData(output["data"], output["evidence"])] : [];
  const read = [...invoices, ...data];
  const hits = readHits(output);
  const words = textOf(output["description"]) ?? textOf(output["answer"]) ?? textOf(output["summary"]) ?? foundWords(output);
  const text = textOf(output["text"]);
  const origin = originOf(output);
  return {
    ...(words === undefined ? {} : { words }),
    ...(text === undefined || text === "" ? {} : { text }),
    ...(origin === undefined ? {} : { origin }),
    marks: [...read.flatMap(({ marks }) => marks), ...readMarks(output)],
    documents: read.map(({ fields }) => fields),
    ...(hits === undefined ? {} : { hits }),
    review: [...textsOf(output["needs_review"]), ...listOf(output["invoices"]).flatMap((each) => textsOf(each["needs_review"]))],
    warnings: textsOf(output["warnings"]),
  };
}

/** True where there is nothing in it but warnings: such an answer is best read in its own words. */
export function isBare({ words, text, marks, documents, hits }: View): boolean {
  return words === undefined && text === undefined && marks.length === 0 && documents.length === 0 && hits === undefined;
}

function foundWords(output: Json): string | undefined {
  const { found, objects, matches, estimate } = output;
  if (found === false) return "Not found.";
  if (found === true && Array.isArray(objects)) return objects.length === 1 ? "Found." : `Found ${objects.length}.`;
  if (isJson(estimate)) return undefined;
  if (Array.isArray(matches)) {
    return matches.length === 0 ? "Not seen in this video." : matches.length === 1 ? "Seen once." : `Seen ${matches.length} times.`;
  }
  return undefined;
}

function originOf({ source, model, invoices }: Json): string | undefined {
  const name = textOf(model);
  if (name !== undefined) return source === "embedded" ? "by this machine's own eyes" : `by ${name}`;
  if (source === "embedded") return "by this machine's own eyes";
  const read = new Set(listOf(invoices).flatMap((each) => textOf(each["source"]) ?? []));
  const words = { xml: "embedded XML", text: "the text layer", ocr: "OCR", model: "the model" } as const;
  return read.size === 0 ? undefined : `read from ${[...read].map((each) => words[each as keyof typeof words] ?? each).join(" and ")}`;
}
