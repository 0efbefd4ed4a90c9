import type { ChatRequest, ContentPart } from "./stand-in-rule.ts";

/** A request that NVIDIA's hosted routes would not take, with the status and words for it. */
export class NotTaken extends Error {
  readonly status: number;
  readonly title: string;

  constructor(status: number, title: string, detail: string) {
    super(detail);
    this.status = status;
    this.title = title;
  }
}

export interface Uploaded {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export interface RequestRules {
  /** Pictures a request may carry. */
  readonly maxImages: number;
  /** In characters: the tags of all pictures that are in the request itself stay under it. */
  readonly inlineLimit: number;
  /** Assets that the request names in its header, by id; undefined for one that is not there. */
  readonly referenced: ReadonlyMap<string, Uploaded | undefined>;
}

const IMG = /<img src="([^"]*)" \/>/g;

/**
 * The request with its pictures as parts, whichever of the two documented forms they came in: `<img>` tags where the content is a string, `image_url`
 * where it is a list (there a tag in the text is text). Assets stand in it with their bytes. NotTaken as the API reference says.
 */
export function withPictures(body: ChatRequest | undefined, { maxImages, inlineLimit, referenced }: RequestRules): ChatRequest {
  if (body?.messages === undefined || body.messages.length === 0)
    throw new NotTaken(422, "Unprocessable Entity", "messages: Field required");
  let inline = 0;
  let pictures = 0;

  function picture(source: string, written: string): ContentPart {
    pictures++;
    const asset = /^data:image\/(?:png|jpe?g);asset_id,(.*)$/.exec(source)?.[1];
    if (asset === undefined) {
      inline += written.length;
      return { type: "image_url", image_url: { url: source } };
    }
    if (!referenced.has(asset)) throw new NotTaken(422, "Unprocessable Entity", `Asset ${asset} is not in NVCF-INPUT-ASSET-REFERENCES`);
    const found = referenced.get(asset);
    if (found === undefined) throw new NotTaken(400, "Bad Request", `Asset ${asset} not found`);
    return { type: "image_url", image_url: { url: `data:${found.mediaType};base64,${found.bytes.toString("base64")}` } };
  }

  const messages = body.messages.map(({ role, content }) => {
    if (typeof content === "string") {
      const parts = [...content.matchAll(IMG)].map(([tag, source = ""]) => picture(source, tag));
      return { role, content: [...parts, { type: "text" as const, text: content.replaceAll(IMG, "").trim() }] };
    }
    if (role !== "user") throw new NotTaken(422, "Unprocessable Entity", `The object list format is not supported for role ${role}`);
    return {
      role,
      content: content.map((part) =>
        part.type === "image_url" ? picture(part.image_url.url, `<img src="${part.image_url.url}" />`) : part,
      ),
    };
  });
  if (pictures > maxImages) throw new NotTaken(400, "Bad Request", `At most ${maxImages} image(s) may be provided in one request.`);
  if (inline >= inlineLimit)
    throw new NotTaken(413, "Payload Too Large", `Images of ${inline} characters; to upload larger images, use the assets API`);
  return { ...body, messages };
}
