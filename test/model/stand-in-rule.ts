import { imageSize } from "image-size";

/** A chat request, as far as the stand-in reads it. Nothing has checked it: every field may be missing. */
export interface ChatRequest {
  readonly model?: string;
  readonly messages?: readonly { readonly role: string; readonly content: string | readonly ContentPart[] }[];
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly temperature?: number;
  readonly top_p?: number;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly response_format?: { readonly type: string; readonly json_schema?: { readonly name: string; readonly schema: JsonSchema } };
}

export type ContentPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image_url"; readonly image_url: { readonly url: string } };

/** The part of JSON Schema that tasks use. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
}

/** The rule. Throws on a picture that is none. */
export function sentence(body: ChatRequest | undefined): string {
  const pictures = pictureParts(body).map((part) => {
    const [, base64] = /^data:image\/(?:jpeg|png);base64,(.+)$/.exec(part.image_url.url) ?? [];
    if (base64 === undefined) throw new Error("not a data URI of a JPEG or PNG");
    const { width, height, type } = imageSize(Buffer.from(base64, "base64"));
    return `${width} x ${height} ${type}`;
  });
  const question = textOf(body).split(/\s+/).slice(0, 12).join(" ");
  return `The stand-in model was sent ${pictures.length} picture${pictures.length === 1 ? "" : "s"}${pictures.length === 0 ? "" : ` (${pictures.join(", ")})`} and asked: ${question}`;
}

export function pictureParts(request: ChatRequest | undefined): Extract<ContentPart, { type: "image_url" }>[] {
  return contentOf(request).filter((part) => part.type === "image_url");
}

/** The words of the last message. */
export function textOf(request: ChatRequest | undefined): string {
  return contentOf(request)
    .flatMap((part) => (part.type === "text" ? [part.text] : []))
    .join("\n");
}

function contentOf(request: ChatRequest | undefined): readonly ContentPart[] {
  const content = request?.messages?.at(-1)?.content ?? [];
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

/** The schema as the prompt spells it out, for modes in which `response_format` is refused. */
export function schemaInPrompt(request: ChatRequest | undefined): JsonSchema | undefined {
  const found = /JSON Schema[^\n]*\n(\{.*\})/s.exec(textOf(request))?.[1];
  return found === undefined ? undefined : (JSON.parse(found) as JsonSchema);
}

/** The smallest value that fits, with `text` wherever there are words. */
export function filled(schema: JsonSchema, text: string): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.some(({ type }) => type === "null") ? null : filled(choices[0] ?? {}, text);
  const types = [schema.type ?? "null"].flat();
  switch (types.includes("null") ? "null" : String(types[0])) {
    case "object":
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, field]) => [name, filled(field, text)]));
    case "array":
      return Array.from({ length: schema.minItems ?? 0 }, () => filled(schema.items ?? {}, text));
    case "string":
      return text.slice(0, schema.maxLength ?? text.length);
    case "integer":
    case "number":
      return Math.max(0, schema.minimum ?? 0);
    case "boolean":
      return true;
    default:
      return null;
  }
}
