import type { AskOptions, ModelRequest } from "../model.ts";
import type { Clock, ModelTransport } from "../ports.ts";
import { defineBackend, type ModelOptions } from "./backend.ts";
import { serverAddress } from "./base-url.ts";
import { chatBody, chatModel, dataUri, promptOf } from "./chat-model.ts";
import { type AssetStore, assetStore } from "./nvidia-assets.ts";
import { inspectOpenAi } from "./openai-models.ts";
import { openAiCompatible } from "./openai-compatible.ts";
import type { Preset } from "./presets.ts";

/**
 * Longest picture in the request itself, in characters of its data URI: "len(image_b64) < 180_000, To upload larger images, use the assets API"
 * (https://docs.api.nvidia.com/nim/reference/meta-llama-3_2-90b-vision-instruct-infer).
 */
const LONGEST_INLINE = 180_000;

/** A little under what that is in bytes: four characters for three bytes, and the `data:image/jpeg;base64,` before them. */
const MOST_INLINE_BYTES = 134_900;

/** Where assets and unfinished answers of NVIDIA's own routes are (https://docs.api.nvidia.com/cloud-functions/reference). */
const CLOUD_FUNCTIONS = "https://api.nvcf.nvidia.com/v2/nvcf";

/** Between two looks at an answer that is not ready (HTTP 202), in ms. */
const POLL_MS = 1_000;

/** NVIDIA's hosted API, and NIM, which is the same model server on one's own machine and speaks plain OpenAI. */
export const nvidia = defineBackend({
  name: "nvidia",
  open(preset, options) {
    if (!preset.quirks.includes("nvidia-hosted")) return openAiCompatible.open(preset, options);
    const server = chatRoute(preset, options);
    const cloudFunctions = cloudFunctionsOf(server);
    const transport = answeredLater(options.transport, { cloudFunctions, clock: options.clock });
    const assets = assetStore({
      url: `${cloudFunctions}/assets`,
      apiKey: options.apiKey,
      transport: options.transport,
      clock: options.clock,
    });
    return chatModel(
      { ...preset, maxImageBytes: MOST_INLINE_BYTES },
      { server, options: { ...options, transport }, wire: (request, ask, send) => wireHosted(request, ask, send, options.model, assets) },
    );
  },
  inspect(preset, options) {
    const base = serverAddress(preset, options.baseUrl);
    // The models of both hosts stand in one list.
    const server =
      new URL(base).host === "ai.api.nvidia.com" ? (preset.baseUrl ?? base) : base.replace(/\/(?:gr\/.*|chat\/completions)$/, "");
    return inspectOpenAi(preset, { ...options, server });
  },
});

/** The pictures of Llama 3.2 Vision go to a route of its own on another host; given addresses are taken as they are. */
function chatRoute(preset: Preset, { baseUrl, model }: ModelOptions): string {
  const base = serverAddress(preset, baseUrl).replace(/\/chat\/completions$/, "");
  const isLlamaVision = /^meta\/llama-3\.2-\d+b-vision-instruct$/.test(model);
  const isHosted = ["integrate.api.nvidia.com", "ai.api.nvidia.com"].includes(new URL(base).host);
  return isLlamaVision && isHosted && !/\/gr\//.test(base) ? `https://ai.api.nvidia.com/v1/gr/${model}` : base;
}

/** A stand-in or gateway has these routes beside its own. */
function cloudFunctionsOf(server: string): string {
  const { host, origin } = new URL(server);
  return host.endsWith(".nvidia.com") ? CLOUD_FUNCTIONS : `${origin}/v2/nvcf`;
}

/** One user message whose content is a text with `<img>` tags: a picture that is too long for the request is uploaded for as long as the question takes. */
async function wireHosted(
  request: ModelRequest,
  options: AskOptions,
  send: Parameters<Parameters<typeof chatModel>[1]["wire"]>[2],
  model: string,
  assets: AssetStore,
): ReturnType<typeof send> {
  const inline = request.images.map(dataUri);
  const large = request.images.filter((_, index) => (inline[index] ?? "").length >= LONGEST_INLINE);
  return assets.holding(large, options, (ids) => {
    const tags = request.images.map((image, index) => {
      const id = ids.get(image);
      return `<img src="${id === undefined ? inline[index] : `data:${image.mediaType};asset_id,${id}`}" />`;
    });
    const references = [...ids.values()].join(",");
    return send({
      body: chatBody(model, request, [...tags, promptOf(request)].join(" ")),
      ...(references === "" ? {} : { headers: { "nvcf-input-asset-references": references, "nvcf-function-asset-ids": references } }),
    });
  });
}

/**
 * The transport that waits for answers that come later: HTTP 202 names the request, and its state is asked for until it is done. It ends with the call's
 * signal: how long a question may take is the caller's to say.
 */
function answeredLater(transport: ModelTransport, { cloudFunctions, clock }: { cloudFunctions: string; clock: Clock }): ModelTransport {
  return async (url, init) => {
    let response = await transport(url, init);
    for (let looks = 1; response.status === 202; looks++) {
      const id = response.headers.get("nvcf-reqid");
      // Without its name nobody can ask for it; the reader says so.
      if (id === null) return response;
      await response.body?.cancel();
      init?.onWait?.(`NVIDIA has taken the question and is not done with it (${looks * (POLL_MS / 1000)} s)`);
      await clock.sleep(POLL_MS, init?.signal ?? undefined);
      const { body: _, method: __, ...rest } = init ?? {};
      response = await transport(`${cloudFunctions}/pexec/status/${encodeURIComponent(id)}`, { ...rest, method: "GET" });
    }
    return response;
  };
}
