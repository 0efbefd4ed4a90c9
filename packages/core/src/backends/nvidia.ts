import { ModelError } from "../errors.ts";
import type { AskOptions, ModelAnswer, ModelRequest } from "../model.ts";
import type { Clock, ModelTransport } from "../ports.ts";
import { defineBackend, type ModelOptions } from "./backend.ts";
import { serverAddress } from "./base-url.ts";
import { chatBody, chatModel, dataUri, promptOf } from "./chat-model.ts";
import { type AssetStore, assetStore, isAssetId } from "./nvidia-assets.ts";
import { requestInit } from "./http.ts";
import type { WireRequest } from "./openai-client.ts";
import { inspectOpenAi } from "./openai-models.ts";
import { openAiCompatible } from "./openai-compatible.ts";
import type { Preset } from "./presets.ts";

/**
 * Longest pictures in the request itself, in characters: `len(image_b64) < 180_000`, "To upload larger images, use the assets API"
 * (https://docs.api.nvidia.com/nim/reference/meta-llama-3_2-90b-vision-instruct-infer). Counted here with the tag around it and over all pictures of
 * the request, the strictest way to read that.
 */
const LONGEST_INLINE = 180_000;

/**
 * Most bytes of a picture that is made for it: four characters for three bytes, `<img src="data:image/jpeg;base64,` … `" />` around them, and nearly 4,000
 * left for the words, so that the whole body is under the limit as well, should a gateway count that.
 */
const MOST_INLINE_BYTES = 132_000;

/** The host of the older routes, one a model. */
const CLASSIC_HOST = "ai.api.nvidia.com";

/** The host of all newer models, and of the list of both. */
const CURRENT_HOST = "integrate.api.nvidia.com";

/** Where assets and unfinished answers of NVIDIA's own routes are (https://docs.api.nvidia.com/cloud-functions/reference). */
const CLOUD_FUNCTIONS = "https://api.nvcf.nvidia.com/v2/nvcf";

/**
 * Between two looks at an answer that is not ready (HTTP 202), in ms. The call itself waits 5 s before it says 202; for the looks the reference
 * names no pace and, unlike for calls, no 429 (https://docs.api.nvidia.com/cloud-functions/reference, "Poll For Result Using Function Invocation Request").
 */
const POLL_MS = 1_000;

/** What a hosted route takes for a picture or film where it stands in a string. */
const MEDIA_TAG = /<\s*(?:img|image|video|audio)\b/i;

/** NVIDIA's hosted API, and NIM, which is the same model server on one's own machine and speaks plain OpenAI. */
export const nvidia = defineBackend({
  name: "nvidia",
  open(preset, options) {
    if (!preset.quirks.includes("nvidia-hosted")) return openAiCompatible.open(preset, options);
    const { apiKey, clock, model } = options;
    const server = chatRoute(preset, options);
    const cloudFunctions = cloudFunctionsOf(server);
    const transport = answeredLater(options.transport, { cloudFunctions, apiKey, clock });
    const assets = assetStore({ url: `${cloudFunctions}/assets`, apiKey, transport: options.transport, clock });
    const inTags = isLlamaVision(model) || new URL(server).host === CLASSIC_HOST;
    return chatModel(
      { ...preset, maxImageBytes: MOST_INLINE_BYTES },
      {
        server,
        listServer: listAddress(preset, server),
        options: { ...options, transport },
        wire: (request, ask, send) => wireHosted(request, ask, send, { model, inTags, assets }),
      },
    );
  },
  inspect: (preset, options) => inspectOpenAi(preset, { ...options, server: listAddress(preset, serverAddress(preset, options.baseUrl)) }),
});

function isLlamaVision(model: string): boolean {
  return /^meta\/llama-3\.2-\d+b-vision-instruct$/.test(model);
}

/** The pictures of Llama 3.2 Vision go to a route of its own on another host; every other address is taken as it is given. */
function chatRoute(preset: Preset, { baseUrl, model }: ModelOptions): string {
  const base = serverAddress(preset, baseUrl).replace(/\/chat\/completions$/, "");
  const isHosted = [CURRENT_HOST, CLASSIC_HOST].includes(new URL(base).host);
  return isLlamaVision(model) && isHosted && !/\/gr\//.test(base) ? `https://${CLASSIC_HOST}/v1/gr/${model}` : base;
}

/** Where the list of models is: that of both hosts stands at one of them. */
function listAddress(preset: Preset, server: string): string {
  if (new URL(server).host === CLASSIC_HOST) return preset.baseUrl ?? server;
  return server.replace(/\/(?:gr\/.*|chat\/completions)$/, "");
}

/** A stand-in or gateway has these routes beside its own. */
function cloudFunctionsOf(server: string): string {
  return new URL(server).host.endsWith(".nvidia.com") ? CLOUD_FUNCTIONS : `${server.replace(/\/v1(?:\/.*)?$/, "")}/v2/nvcf`;
}

/**
 * One user message, pictures first ("For better results, make sure to put the image before any text part": NIM for VLMs, "Query the Llama 3.1 Nemotron
 * Nano VL API"). What does not fit into the request is uploaded for as long as the question takes. Llama 3.2 Vision gets `<img>` tags in a string;
 * newer models get parts, as tags are no longer looked for at every route (GetStream/Vision-Agents #597). Words that hold a tag themselves
 * go as a part to every model: "HTML img tags will not be parsed from objects with type=text" (NVIDIA's API reference), so nobody's text becomes a picture.
 */
function wireHosted(
  request: ModelRequest,
  options: AskOptions,
  send: (wire: WireRequest) => Promise<ModelAnswer>,
  { model, inTags, assets }: { readonly model: string; readonly inTags: boolean; readonly assets: AssetStore },
): Promise<ModelAnswer> {
  const inline = request.images.map(dataUri);
  const fits = fitting(inline.map((uri) => imgTag(uri).length));
  const large = request.images.filter((_, index) => fits[index] !== true);
  return assets.holding(large, options, (ids) => {
    const sources = request.images.map((image, index) => {
      const id = ids.get(image);
      return id === undefined ? (inline[index] ?? "") : `data:${image.mediaType};asset_id,${id}`;
    });
    const words = promptOf(request);
    const asParts = MEDIA_TAG.test(words) || (!inTags && sources.length > 0);
    const content = asParts
      ? [...sources.map((url) => ({ type: "image_url" as const, image_url: { url } })), { type: "text" as const, text: words }]
      : [...sources.map(imgTag), words].join(" ");
    const references = [...ids.values()].join(",");
    return send({
      body: chatBody(model, request, content),
      ...(references === "" ? {} : { headers: { "nvcf-input-asset-references": references, "nvcf-function-asset-ids": references } }),
    });
  });
}

function imgTag(source: string): string {
  return `<img src="${source}" />`;
}

/** Which of the pictures, by the lengths of their tags, go into the request itself: one after the other as long as there is room. */
function fitting(lengths: readonly number[]): boolean[] {
  let taken = 0;
  return lengths.map((length) => {
    if (taken + length >= LONGEST_INLINE) return false;
    taken += length;
    return true;
  });
}

/**
 * The transport that waits for answers that come later: HTTP 202 names the request, and its state is asked for until it is done. It ends with the call's
 * signal: how long a question may take is the caller's to say. ModelError when the answer has no name to ask by.
 */
function answeredLater(
  transport: ModelTransport,
  { cloudFunctions, apiKey, clock }: { readonly cloudFunctions: string; readonly apiKey: string | undefined; readonly clock: Clock },
): ModelTransport {
  return async (url, init) => {
    let response = await transport(url, init);
    const since = clock.now();
    while (response.status === 202) {
      const id = response.headers.get("nvcf-reqid");
      await response.body?.cancel();
      if (id === null || !isAssetId(id)) {
        throw new ModelError(
          `NVIDIA took the question and did not say how to ask for its answer (HTTP 202 with ${id === null ? "no" : "a strange"} NVCF-REQID).`,
          {
            status: 202,
            retryable: true,
            hint: "Try again.",
          },
        );
      }
      await clock.sleep(POLL_MS, init?.signal ?? undefined);
      init?.onWait?.(`NVIDIA is still working on the answer (${Math.round((clock.now() - since) / 1000)} s)`);
      const look = requestInit(apiKey, { method: "GET", ...(init?.signal ? { signal: init.signal } : {}) });
      response = await transport(`${cloudFunctions}/pexec/status/${id}`, { ...look, onWait: init?.onWait });
    }
    return response;
  };
}
