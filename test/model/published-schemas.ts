import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

/** Where the published API documents are: `SIGHTLINE_SPECS`, else `../shared/specs` beside the checkout. */
const SPECS = process.env["SIGHTLINE_SPECS"] ?? fileURLToPath(new URL("../../../shared/specs", import.meta.url));

/** As published by OpenAI, Ollama and OGX, each in its own repository. */
const documents = { ollama: "ollama.openapi.yaml", openai: "openai.openapi.json", ogx: "ogx.openapi.yaml" } as const;

export type PublishedDocument = keyof typeof documents;

/** False where the documents are not: tests that need them skip and say so. */
export function hasPublishedSchemas(): boolean {
  const all = Object.values(documents).every((file) => existsSync(path.join(SPECS, file)));
  if (!all)
    console.warn(
      `Skipped: no published API documents in ${SPECS}. To enable: SIGHTLINE_SPECS=<folder with ${Object.values(documents).join(", ")}>`,
    );
  return all;
}

const loaded = new Map<PublishedDocument, Ajv2020>();

/** Reads a document once, when it is first needed: OpenAI's has 85,000 lines. */
function load(document: PublishedDocument): Ajv2020 {
  const text = readFileSync(path.join(SPECS, documents[document]), "utf8");
  // OpenAPI adds words to JSON Schema that ajv does not know: not strict. `format` names there are notes ("int64", "float").
  const ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false, allErrors: true, logger: false });
  ajv.addSchema(forAjv(documents[document].endsWith(".json") ? JSON.parse(text) : parse(text)) as object, document);
  return ajv;
}

/**
 * The document without what ajv refuses: OpenAPI 3.0's `nullable` (it becomes a choice of null where it stands alone) and `discriminator`
 * (a hint for code generators).
 */
function forAjv(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forAjv);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.fromEntries(
    Object.entries(value)
      .filter(
        ([name, field]) => !(name === "discriminator" && typeof field === "object") && !(name === "nullable" && typeof field === "boolean"),
      )
      .map(([name, field]) => [name, forAjv(field)]),
  );
  return "nullable" in value && value.nullable === true ? { anyOf: [kept, { type: "null" }] } : kept;
}

type Method = "get" | "post" | "put" | "delete";

/**
 * What a document says of the JSON body of a request, e.g. `publishedSchema("openai", "/chat/completions", "post")`. Paths are written as in the
 * document. Throws when it has no such request.
 */
export function publishedSchema(document: PublishedDocument, route: string, method: Method): ValidateFunction {
  return schemaAt(document, ["paths", route, method, "requestBody", "content", "application/json", "schema"]);
}

/**
 * What a document says of an answer's body. For Ollama's alone: real llama.cpp servers fail OpenAI's (no `logprobs`, no `refusal`), and so may a stand-in.
 */
export function publishedResponse(document: "ollama", route: string, method: Method, mediaType = "application/json"): ValidateFunction {
  return schemaAt(document, ["paths", route, method, "responses", "200", "content", mediaType, "schema"]);
}

function schemaAt(document: PublishedDocument, pointer: readonly string[]): ValidateFunction {
  let ajv = loaded.get(document);
  if (ajv === undefined) loaded.set(document, (ajv = load(document)));
  const reference = `${document}#/${pointer.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")}`;
  const validate = ajv.getSchema(reference);
  const [, route = "", method = "", ...place] = pointer;
  if (validate === undefined) throw new Error(`${documents[document]} has no ${place.join(" ")} for ${method.toUpperCase()} ${route}.`);
  return validate;
}

/** What a body breaks of the document, in words; empty when nothing. */
export function schemaProblems(validate: ValidateFunction, body: unknown): string[] {
  return validate(body) ? [] : (validate.errors ?? []).map(({ instancePath, message = "" }) => `${instancePath} ${message}`.trim());
}
