import type { CallOptions, Clock, EncodedImage, ModelTransport } from "../ports.ts";
import { accepted, requestInit } from "./openai-client.ts";

export interface AssetStore {
  /** Uploads the pictures, calls `use` with their asset ids, and deletes them again whatever came of it. */
  holding<Result>(
    images: readonly EncodedImage[],
    options: CallOptions,
    use: (ids: ReadonlyMap<EncodedImage, string>) => Promise<Result>,
  ): Promise<Result>;
}

/** Sent with the upload as it was said when the asset was created: the address is signed for it. */
const DESCRIPTION = "Picture of a question";

/** How long deleting may take, in ms: it happens also after Ctrl-C, when nobody wants to wait. An asset that is left is gone after 24 hours. */
const DELETE_PATIENCE = 5_000;

/** NVIDIA's store for pictures that do not fit into a request (https://docs.api.nvidia.com/cloud-functions/reference/createasset). */
export function assetStore(store: {
  /** Ends in /assets. */
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly transport: ModelTransport;
  readonly clock: Clock;
}): AssetStore {
  const { url, apiKey, transport, clock } = store;

  /** Room for a picture: its id, and the address its bytes go to. */
  async function create(mediaType: string, signal: AbortSignal | undefined): Promise<{ assetId: string; uploadUrl: string }> {
    const init = {
      method: "POST",
      body: JSON.stringify({ contentType: mediaType, description: DESCRIPTION }),
      ...(signal ? { signal } : {}),
    };
    const response = await accepted(await transport(url, requestInit(apiKey, init)));
    return (await response.json()) as { assetId: string; uploadUrl: string };
  }

  async function upload(image: EncodedImage, uploadUrl: string, signal: AbortSignal | undefined): Promise<void> {
    // The address is signed: no key goes along.
    const response = await transport(uploadUrl, {
      method: "PUT",
      redirect: "manual",
      headers: { "content-type": image.mediaType, "x-amz-meta-nvcf-asset-description": DESCRIPTION },
      body: image.bytes as Uint8Array<ArrayBuffer>,
      ...(signal ? { signal } : {}),
    });
    await (await accepted(response)).body?.cancel();
  }

  async function remove(id: string): Promise<void> {
    const patience = new AbortController();
    const done = new AbortController();
    const timer = clock.sleep(DELETE_PATIENCE, done.signal).then(
      () => patience.abort(),
      () => {},
    );
    try {
      const response = await transport(
        `${url}/${encodeURIComponent(id)}`,
        requestInit(apiKey, { method: "DELETE", signal: patience.signal }),
      );
      await response.body?.cancel();
    } catch {
      // It is gone after 24 hours by itself: no reason to fail an answer that is there.
    } finally {
      done.abort();
      await timer;
    }
  }

  return {
    async holding(images, { signal }, use) {
      const ids = new Map<EncodedImage, string>();
      try {
        for (const image of images) {
          const { assetId, uploadUrl } = await create(image.mediaType, signal);
          ids.set(image, assetId);
          await upload(image, uploadUrl, signal);
        }
        return await use(ids);
      } finally {
        await Promise.all([...ids.values()].map(remove));
      }
    },
  };
}
