import { randomUUID } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { imageSize } from "image-size";
import { json } from "./stand-in-modes.ts";
import { chatModes, problem } from "./stand-in-nvidia-modes.ts";
import { NotTaken, type Uploaded, withPictures } from "./stand-in-nvidia-rule.ts";
import { type ChatRequest, pictureParts } from "./stand-in-rule.ts";

/**
 * A stand-in for NVIDIA's hosted API: real HTTP, the routes of its reference, no model. It answers by the rule of `stand-in-rule.ts` and checks requests as
 * the reference says: a key on every route but the signed upload, pictures in one of the two documented forms and under the limit, assets that are
 * uploaded under the type and description they were created with, named in the header, and still there. What is not in the reference is said
 * in `stand-in-nvidia-modes.ts`.
 */
export interface StandInNvidia {
  /** Up to and with /v1. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** All requests so far, in the order they came; chat bodies unchecked. */
  readonly requests: readonly SeenCall[];
  /** Assets that are there now, uploaded or not. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** Ids of the assets that were deleted. */
  readonly deleted: readonly string[];
  /** Pictures of the questions that were taken, in the order they came. */
  readonly pictures: readonly SeenPicture[];
  close(): Promise<void>;
}

export interface SeenCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** "answered" when the answer went out whole, "aborted" when the client left before. */
  readonly end: Promise<"answered" | "aborted">;
}

export interface Asset {
  readonly mediaType: string;
  readonly description: string;
  /** Undefined until it is uploaded. */
  readonly bytes?: Buffer;
}

export interface SeenPicture {
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer;
}

export interface StandInNvidiaOptions {
  /** How chat requests are met, in turn; the last one holds for all that follow. Default: "answer". */
  readonly chat?: ChatMode | readonly ChatMode[];
  /** How often the answer is not ready: 202 to the question and to so many looks less one. Default: never. */
  readonly pending?: number;
  /** The name under which such an answer is asked for; null for none at all. */
  readonly requestId?: string | null;
  /** In place of a plain answer to the creation of an asset. */
  readonly create?: { readonly status?: number; readonly body: unknown };
  readonly upload?: "take" | "refuse" | "hold" | "redirect";
  /** Default: 204. "hold": never answers. */
  readonly remove?: "take" | "refuse" | "hold";
  /** Default 1. */
  readonly maxImages?: number;
  /** In characters. A NIM on one's own machine has no such limit. Default 180,000. */
  readonly inlineLimit?: number;
}

export type ChatMode = keyof typeof chatModes;

export const CLASSIC_MODEL = "meta/llama-3.2-90b-vision-instruct";

const KEY = "nvapi-stand-in";
const LISTED = ["deepseek-ai/deepseek-v4-flash", "google/gemma-4-31b-it", "meta/llama-3.2-11b-vision-instruct", CLASSIC_MODEL];
const CHAT = /^\/v1\/(?:gr\/meta\/llama-3\.2-(?:11|90)b-vision-instruct\/)?chat\/completions$/;

export async function startStandInNvidia(options: StandInNvidiaOptions = {}): Promise<StandInNvidia> {
  const { pending = 0, requestId = randomUUID(), upload = "take", remove = "take", maxImages = 1, inlineLimit = 180_000 } = options;
  const order = [options.chat ?? "answer"].flat<readonly (ChatMode | readonly ChatMode[])[]>();
  const requests: SeenCall[] = [];
  const assets = new Map<string, Asset>();
  const deleted: string[] = [];
  const pictures: SeenPicture[] = [];
  let chats = 0;
  let origin = "";
  /** What the question that is worked on will be answered with, and how many looks it takes. */
  let waiting: { looks: number; readonly answer: (response: ServerResponse) => void } | undefined;

  function chat(request: IncomingMessage, response: ServerResponse, body: ChatRequest | undefined): void {
    const named = String(request.headers["nvcf-input-asset-references"] ?? "")
      .split(",")
      .filter(Boolean);
    const referenced = new Map<string, Uploaded | undefined>(
      named.map((id) => {
        const { mediaType, bytes } = assets.get(id) ?? {};
        return [id, mediaType === undefined || bytes === undefined ? undefined : { mediaType, bytes }];
      }),
    );
    let taken: ChatRequest;
    try {
      taken = withPictures(body, { maxImages, inlineLimit, referenced });
      pictures.push(...pictureParts(taken).map(({ image_url: { url } }) => decoded(url)));
    } catch (error) {
      if (error instanceof NotTaken) return problem(response, error.status, error.title, error.message);
      return problem(response, 400, "Bad Request", `cannot identify image file: ${String(error)}`);
    }
    const model = LISTED.includes(String(taken.model)) ? String(taken.model) : "no such model";
    const mode = order[Math.min(chats++, order.length - 1)] ?? "answer";
    const answer = (to: ServerResponse): void => chatModes[mode]({ request, response: to, body: taken, model, text: undefined });
    if (pending === 0) return answer(response);
    waiting = { looks: pending - 1, answer };
    return notYet(response);
  }

  function notYet(response: ServerResponse): void {
    response.writeHead(202, { "nvcf-status": "pending-evaluation", ...(requestId === null ? {} : { "nvcf-reqid": requestId }) }).end();
  }

  function look(response: ServerResponse): void {
    if (waiting === undefined) return problem(response, 404, "Not Found", "Not found: request");
    if (waiting.looks-- > 0) return notYet(response);
    waiting.answer(response);
    waiting = undefined;
  }

  function create(response: ServerResponse, body: Buffer): void {
    if (options.create !== undefined) return json(response, options.create.status ?? 200, options.create.body);
    const { contentType, description } = JSON.parse(body.toString()) as { contentType?: string; description?: string };
    if (!contentType || !description) return problem(response, 400, "Bad Request", "contentType and description are required");
    const assetId = randomUUID();
    assets.set(assetId, { mediaType: contentType, description });
    json(response, 200, {
      assetId,
      uploadUrl: `${origin}/bucket/${assetId}?X-Amz-Signature=signed-for-one-hour`,
      contentType,
      description,
    });
  }

  function put(request: IncomingMessage, response: ServerResponse, id: string, bytes: Buffer): void {
    const asset = assets.get(id);
    const { headers } = request;
    const isAsSigned =
      asset !== undefined &&
      headers["content-type"] === asset.mediaType &&
      headers["x-amz-meta-nvcf-asset-description"] === asset.description &&
      headers["content-length"] === String(bytes.length);
    if (upload === "redirect") return void response.writeHead(307, { location: `${origin}/elsewhere` }).end();
    if (upload === "refuse" || !isAsSigned || headers.authorization !== undefined) {
      const xml = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";
      return void response.writeHead(403, { "content-type": "application/xml" }).end(xml);
    }
    assets.set(id, { ...asset, bytes });
    // Held back after it is there: the worst moment to leave.
    if (upload !== "hold") response.writeHead(200).end();
  }

  function drop(response: ServerResponse, id: string): void {
    if (remove === "hold") return;
    if (remove === "refuse") return problem(response, 500, "Internal Server Error", "cannot delete");
    if (!assets.delete(id)) return problem(response, 404, "Not Found", `Asset ${id} not found`);
    deleted.push(id);
    response.writeHead(204).end();
  }

  function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const { method = "" } = request;
    const { pathname, search } = new URL(request.url ?? "", origin);
    const id = pathname.split("/").at(-1) ?? "";
    if (method === "PUT" && pathname.startsWith("/bucket/") && search !== "") return put(request, response, id, body);
    if (request.headers.authorization !== `Bearer ${KEY}`) {
      return request.headers.authorization === undefined
        ? problem(response, 401, "Unauthorized", "Authentication failed")
        : problem(response, 403, "Forbidden", "Authorization failed");
    }
    switch (`${method} ${pathname.replace(/[^/]+$/, "")}`) {
      case "GET /v1/":
        return json(response, 200, { object: "list", data: LISTED.map((model) => ({ id: model, object: "model", owned_by: "stand-in" })) });
      case "POST /v2/nvcf/":
        return create(response, body);
      case "DELETE /v2/nvcf/assets/":
        return drop(response, id);
      case "GET /v2/nvcf/pexec/status/":
        return id === requestId ? look(response) : problem(response, 404, "Not Found", `Not found: ${id}`);
      default:
        if (method === "POST" && CHAT.test(pathname)) return chat(request, response, jsonIn(body));
        return void response.writeHead(404, { "content-type": "text/plain" }).end("404 page not found");
    }
  }

  const server = createServer((request, response) => {
    const end = new Promise<"answered" | "aborted">((resolve) =>
      response.once("close", () => resolve(response.writableFinished ? "answered" : "aborted")),
    );
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      requests.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers, body, end });
      answer(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    baseUrl: `${origin}/v1`,
    apiKey: KEY,
    requests,
    assets,
    deleted,
    pictures,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function decoded(uri: string): SeenPicture {
  const bytes = Buffer.from(uri.slice(uri.indexOf(",") + 1), "base64");
  const { width, height } = imageSize(bytes);
  return { width, height, bytes };
}

function jsonIn(body: Buffer): ChatRequest | undefined {
  try {
    return JSON.parse(body.toString()) as ChatRequest;
  } catch {
    return undefined;
  }
}
