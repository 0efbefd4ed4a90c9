import { boxOf, isJson, listOf, numberOf, textOf, textsOf, type Json } from "./json.ts";
import type { CheckResult, DocumentFields, Field, FieldGroup, Mark, Tone } from "./view.ts";

interface Check {
  readonly rule: string;
  readonly ok: boolean;
  readonly severity: string;
  readonly message: string;
  readonly fields: readonly string[];
}

interface Found {
  readonly fields: DocumentFields;
  readonly marks: readonly Mark[];
}

/** One invoice of `extract_invoice`. `at` is where its values stand in the answer. */
export function readInvoice(result: Json, at: readonly (string | number)[], ordinal: string): Found {
  const invoice = isJson(result["invoice"]) ? result["invoice"] : {};
  const checks = listOf(result["checks"]).flatMap(toCheck);
  const found = readFields(invoice, [...at, "invoice"], result["evidence"], checks, at.join("."));
  const number = textOf(invoice["number"]);
  const title = number === undefined ? `Invoice${ordinal}` : `Invoice ${number}`;
  return { ...found, fields: { ...found.fields, title } };
}

/** Data in a shape of the user's own, as `extract_data` gives it. */
export function readData(data: Json, evidence: unknown): Found {
  const found = readFields(data, ["data"], evidence, [], "data");
  return { ...found, fields: { ...found.fields, title: "Data" } };
}

function readFields(
  values: Json,
  at: readonly (string | number)[],
  evidence: unknown,
  checks: readonly Check[],
  prefix: string,
): { readonly fields: DocumentFields; readonly marks: readonly Mark[] } {
  const proofs = isJson(evidence) ? evidence : {};
  const marks: Mark[] = [];

  function field(path: string, where: readonly (string | number)[], label: string, value: string): Field {
    const proof = isJson(proofs[path]) ? proofs[path] : undefined;
    const { tone, notes } = judge(path, proof, checks);
    const quote = textOf(proof?.["quote"]);
    const [page, box] = [numberOf(proof?.["page"]), boxOf(proof?.["box"])];
    const id = `${prefix}:${path}`;
    if (page !== undefined && box !== undefined) marks.push({ id, file: 0, page, box, label, detail: value, tone });
    return {
      at: where,
      label,
      value,
      tone,
      notes,
      ...(page === undefined || box === undefined ? {} : { mark: id }),
      ...(quote === undefined || quote === value ? {} : { quote }),
    };
  }

  const groups: FieldGroup[] = [];
  const own: Field[] = [];
  function walk(node: unknown, path: string, where: readonly (string | number)[], title: string, into: Field[]): void {
    if (Array.isArray(node)) {
      for (const [index, each] of node.entries()) {
        const [inner, place] = [`${path}[${index}]`, [...where, index]];
        if (!isJson(each)) walk(each, inner, place, title, into);
        else {
          const fields: Field[] = [];
          walk(each, inner, place, `${singular(title)} ${index + 1}`, fields);
          if (fields.length > 0) groups.push({ title: `${singular(title)} ${index + 1}`, fields });
        }
      }
    } else if (isJson(node)) {
      for (const [key, each] of Object.entries(node)) {
        const [inner, place] = [path === "" ? key : `${path}.${key}`, [...where, key]];
        if (isJson(each)) {
          const fields: Field[] = [];
          walk(each, inner, place, humanize(key), fields);
          if (fields.length > 0) groups.push({ title: humanize(key), fields });
        } else walk(each, inner, place, Array.isArray(each) ? humanize(key) : title, into);
      }
    } else if (node !== undefined && node !== null) {
      into.push(field(path, where, humanize(where.findLast((each) => typeof each === "string") ?? path), plainText(node)));
    }
  }
  walk(values, "", at, "", own);

  const ids = new Map(marks.map((mark) => [mark.id.slice(prefix.length + 1), mark.id]));
  return {
    marks,
    fields: {
      title: "",
      groups: own.length === 0 ? groups : [{ title: "", fields: own }, ...groups],
      checks: checks.map((check): CheckResult => {
        const shown = [...ids].filter(([path]) => check.fields.some((each) => isWithin(path, each)));
        return { rule: check.rule, tone: toneOf(check), message: check.message, marks: shown.map(([, id]) => id) };
      }),
    },
  };
}

function toCheck(value: Json): Check[] {
  const [rule, message] = [textOf(value["rule"]), textOf(value["message"])];
  if (rule === undefined || message === undefined) return [];
  return [{ rule, message, ok: value["ok"] === true, severity: textOf(value["severity"]) ?? "error", fields: textsOf(value["fields"]) }];
}

function toneOf({ ok, severity }: Check): CheckResult["tone"] {
  return ok ? "right" : severity === "warning" ? "doubtful" : "wrong";
}

/** A duplicate key is a key, not a check of its values. */
function judge(
  path: string,
  proof: Json | undefined,
  checks: readonly Check[],
): { readonly tone: Tone; readonly notes: readonly string[] } {
  const about = checks.filter(({ rule, fields }) => rule !== "duplicate_key" && fields.some((each) => isWithin(path, each)));
  const failed = about.filter(({ ok }) => !ok);
  const ungrounded = proof?.["grounded"] === false;
  const notes = [
    ...failed.map(({ rule, message }) => `${rule}: ${message}`),
    ...(ungrounded ? ["Not found on the page as the model quotes it."] : []),
  ];
  if (failed.some(({ severity }) => severity !== "warning")) return { tone: "wrong", notes };
  if (failed.length > 0 || ungrounded) return { tone: "doubtful", notes };
  return { tone: about.length > 0 ? "right" : "plain", notes };
}

/** Whether a path is `field` or lies in it: "lines[0].unit" in "lines". */
function isWithin(path: string, field: string): boolean {
  return path === field || (path.startsWith(field) && (path[field.length] === "." || path[field.length] === "["));
}

/** "vat_id" as people write it: "VAT id". */
export function humanize(key: string): string {
  const words = key
    .replaceAll("_", " ")
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll(/\b(vat|iban|bic)\b/gi, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function singular(title: string): string {
  if (/ies$/i.test(title)) return title.replace(/ies$/i, "y");
  return /(?:x|ch|sh|ss)es$/i.test(title) ? title.slice(0, -2) : title.replace(/s$/i, "");
}

function plainText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
