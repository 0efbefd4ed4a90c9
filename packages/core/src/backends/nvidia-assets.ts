import { isSightlineError, ModelError } from "../errors.ts";
import type { AskOptions } from "../model.ts";
import type { Clock, EncodedImage, ModelTransport } from "../ports.ts";
import { errorCode } from "./connection-failure.ts";
import { accepted, requestInit, withoutKey } from "./http.ts";
import { refusalText } from "./server-refusal.ts";

export interface AssetStore {
  /**
   * Uploads the pictures, calls `use` with their asset ids, and deletes them again whatever came of it: also after a cancellation, before which it does
   * not settle. RefusedResponse or ModelError when a picture cannot be uploaded.
   */
  holding<Result>(
    images: readonly EncodedImage[],
    options: AskOptions,
    use: (ids: ReadonlyMap<EncodedImage, string>) => Promise<Result>,
  ): Promise<Result>;
}

/** Sent with the upload as it was said when the asset was created: the address is signed for it. */
const DESCRIPTION = "Picture of a question";

/** How long deleting may take, in ms: it happens also after Ctrl-C, when nobody wants to wait. An asset that is left is gone after 24 hours. */
const DELETE_PATIENCE = 5_000;

const HINT = "Try again, or ask without --original: the picture then goes into the request itself.";

/** What names an asset or a request: UUIDs today. Anything else from a server has no place in an address, a header or a prompt. */
export function isAssetId(id: unknown): id is string {
  return typeof id === "string" && /^[\w-]{1,128}$/.test(id);
}

/**
 * NVIDIA's store for pictures that do not fit into a request (https://docs.api.nvidia.com/cloud-functions/reference/createasset; "Asset Management" of
 * NVIDIA Cloud Functions).
 */
export function assetStore(store: {
  /** Ends in /assets. */
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly transport: ModelTransport;
  readonly clock: Clock;
}): AssetStore {
  const { url, apiKey, transport, clock } = store;

  /** Room for a picture: its id, and the address its bytes go to, not yet checked. Nothing of the picture is there yet. */
  async function create(mediaType: string, signal: AbortSignal | undefined): Promise<{ assetId: string; uploadUrl: unknown }> {
    const init = requestInit(apiKey, {
      method: "POST",
      body: JSON.stringify({ contentType: mediaType, description: DESCRIPTION }),
      ...(signal ? { signal } : {}),
    });
    const response = await reach(url, init);
    // A key that does not do, no credit, too many requests: as with the question itself.
    if ([401, 402, 403, 429].includes(response.status)) await accepted(response);
    const text = await response.text();
    if (!response.ok) throw refused(url, response.status, withoutKey(text, apiKey));
    const { assetId, uploadUrl } = parsed(text);
    if (!isAssetId(assetId))
      throw new ModelError(`The asset store at ${url} did not name the asset it was to create.`, { status: response.status, hint: HINT });
    return { assetId, uploadUrl };
  }

  async function upload(image: EncodedImage, uploadUrl: unknown, signal: AbortSignal | undefined): Promise<void> {
    if (!isUploadAddress(uploadUrl))
      throw new ModelError(`The asset store at ${url} named no address to upload a picture to.`, { hint: HINT });
    // The address is signed: no key goes along, and nobody is shown it.
    const response = await reach(uploadUrl, {
      method: "PUT",
      redirect: "manual",
      headers: { "content-type": image.mediaType, "x-amz-meta-nvcf-asset-description": DESCRIPTION },
      body: image.bytes as Uint8Array<ArrayBuffer>,
      ...(signal ? { signal } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw refused(uploadUrl, response.status, text);
  }

  /** A picture leaves in the clear only where the questions do. */
  function isUploadAddress(address: unknown): address is string {
    if (typeof address !== "string" || !URL.canParse(address)) return false;
    const { protocol, username, password } = new URL(address);
    return (protocol === "https:" || (protocol === "http:" && url.startsWith("http:"))) && username === "" && password === "";
  }

  /** What goes wrong on the way to the store is not the model server's doing, and told apart from it. */
  async function reach(address: string, init: RequestInit): Promise<Response> {
    try {
      return await transport(address, init);
    } catch (error) {
      init.signal?.throwIfAborted();
      if (isSightlineError(error)) throw error;
      throw new ModelError(`The asset store at ${new URL(address).host} could not be reached (${errorCode(error) ?? "connection lost"}).`, {
        retryable: true,
        hint: HINT,
        cause: error,
      });
    }
  }

  /** True when it is gone. Never rejects: no reason to fail an answer that is there. */
  async function remove(id: string): Promise<boolean> {
    const patience = new AbortController();
    const done = new AbortController();
    const timer = clock.sleep(DELETE_PATIENCE, done.signal).then(
      () => patience.abort(),
      () => {},
    );
    try {
      const response = await transport(`${url}/${id}`, requestInit(apiKey, { method: "DELETE", signal: patience.signal }));
      await response.body?.cancel();
      return response.ok || response.status === 404;
    } catch {
      return false;
    } finally {
      done.abort();
      await timer;
    }
  }

  return {
    async holding(images, { signal, onWait }, use) {
      const ids = new Map<EncodedImage, string>();
      try {
        for (const image of new Set(images)) {
          onWait?.(`Uploading the picture to NVIDIA (${(image.bytes.length / 1e6).toFixed(1)} MB)`);
          const { assetId, uploadUrl } = await create(image.mediaType, signal);
          ids.set(image, assetId);
          await upload(image, uploadUrl, signal);
        }
        return await use(ids);
      } finally {
        const gone = await Promise.all([...ids.values()].map(remove));
        if (gone.includes(false))
          onWait?.("NVIDIA did not confirm that the uploaded picture is deleted; it deletes it itself after 24 hours");
      }
    },
  };
}

function parsed(text: string): { readonly assetId?: unknown; readonly uploadUrl?: unknown } {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {};
  }
}

function refused(address: string, status: number, body: string): ModelError {
  const said = refusalText(body);
  return new ModelError(
    `The asset store at ${new URL(address).host} did not take the picture: HTTP ${status}${said === "" ? "." : `, "${said.replace(/\.$/, "")}".`}`,
    { status, retryable: [408, 502, 503, 504].includes(status), hint: HINT },
  );
}
