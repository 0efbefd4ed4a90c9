/**
 * What torchtune says a multimodal chat set is, as a JSON Schema written from its documentation and from nothing of ours:
 *
 * - https://docs.pytorch.org/torchtune/stable/basics/multimodal_datasets.html: "Multimodal datasets are currently expected to follow the ShareGPT chat format, where the image paths
 *   are in one column and the user-assistant conversations are in another column", named "conversations" and "image" by default; "currently only supports a single image path per
 *   conversation sample"; a local file is a JSON list of samples.
 * - https://docs.pytorch.org/torchtune/stable/generated/torchtune.data.ShareGPTToMessages.html: "from" is system, human or gpt, "value" a text; without an image tag the picture is
 *   put before the first user message.
 * - https://docs.pytorch.org/torchtune/stable/basics/messages.html and `validate_messages`: a system message comes first if at all, user and assistant take turns, and there is one
 *   turn of each at least.
 */
const message = (...from: readonly string[]) => ({
  type: "object",
  properties: { from: { enum: from }, value: { type: "string", minLength: 1 } },
  required: ["from", "value"],
  additionalProperties: false,
});

export const multimodalChatSet = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "array",
  minItems: 1,
  items: {
    type: "object",
    properties: {
      conversations: {
        type: "array",
        prefixItems: [message("human"), message("gpt")],
        minItems: 2,
        maxItems: 2,
        items: false,
      },
      // Joined to `image_dir`: relative, and not out of it.
      image: { type: "string", pattern: "^(?!/)(?!.*(?:^|/)\\.\\.(?:/|$)).+\\.(?:jpg|png)$" },
    },
    required: ["conversations", "image"],
    additionalProperties: false,
  },
} as const;

/**
 * Tiles of the Llama 3.2 vision transform: side in pixels and the most of them
 * (https://docs.pytorch.org/torchtune/stable/generated/torchtune.models.llama3_2_vision.llama3_2_vision_transform.html: `image_size` 560 for Instruct weights;
 * https://docs.pytorch.org/torchtune/stable/generated/torchtune.models.llama3_2_vision.Llama3VisionTransform.html: `max_num_tiles` 4).
 */
export const TILE = 560;
export const MAX_TILES = 4;

/** Tiles that hold a picture of this size unshrunk. */
export function tilesOf({ width, height }: { readonly width: number; readonly height: number }): number {
  return Math.ceil(width / TILE) * Math.ceil(height / TILE);
}
