import { imageSize } from "image-size";

/** The rule. Throws on a picture that is none. */
export function sentence(body: any): string {
  const pictures = pictureParts(body).map((part) => {
    const [, base64] = /^data:image\/(?:jpeg|png);base64,(.+)$/.exec(part.image_url.url) ?? [];
    if (base64 === undefined) throw new Error("not a data URI of a JPEG or PNG");
    const { width, height, type } = imageSize(Buffer.from(base64, "base64"));
    return `${width} x ${height} ${type}`;
  });
  const question = textOf(body).split(/\s+/).slice(0, 12).join(" ");
  return `The stand-in model was sent ${pictures.length} picture${pictures.length === 1 ? "" : "s"}${pictures.length === 0 ? "" : ` (${pictures.join(", ")})`} and asked: ${question}`;
}

export function pictureParts(body: any): any[] {
  const content = body?.messages?.at(-1)?.content;
  return Array.isArray(content) ? content.filter((part) => part.type === "image_url") : [];
}

function textOf(body: any): string {
  const content = body?.messages?.at(-1)?.content;
  return typeof content === "string" ? content : (content ?? []).flatMap((part: any) => (part.type === "text" ? [part.text] : [])).join("\n");
}

export function schemaInPrompt(body: any): any {
  const found = /JSON Schema[^\n]*\n(\{.*\})/s.exec(textOf(body))?.[1];
  return found === undefined ? undefined : JSON.parse(found);
}

export function filled(schema: any, text: string): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const choices: any[] | undefined = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.some((choice) => choice.type === "null") ? null : filled(choices[0], text);
  switch (Array.isArray(schema.type) ? (schema.type.includes("null") ? "null" : schema.type[0]) : schema.type) {
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
