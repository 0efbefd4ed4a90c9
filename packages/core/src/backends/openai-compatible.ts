import { defineBackend } from "./backend.ts";
import { serverAddress } from "./base-url.ts";
import { chatBody, chatModel, longestAnswerRenamed, promptOf } from "./chat-model.ts";
import { pictureMark } from "./json-bytes.ts";
import { inspectOpenAi } from "./openai-models.ts";
import type { Preset } from "./presets.ts";

/** Any server that speaks OpenAI's chat completions. */
export const openAiCompatible = defineBackend({
  name: "openai-compatible",
  open(preset, options) {
    return chatModel(preset, {
      server: chatAddress(preset, options.baseUrl),
      options,
      wire(request, _options, send) {
        // Pictures first, then text: Llama 3.2 Vision needs that order and no other model minds.
        const pictures = request.images.map((_, index) => ({ type: "image_url" as const, image_url: { url: pictureMark(index) } }));
        const text = promptOf(request);
        const body = chatBody(options.model, request, pictures.length === 0 ? text : [...pictures, { type: "text", text }]);
        if (preset.quirks.includes("schema-in-prompt")) delete body.response_format;
        if (preset.quirks.includes("max-completion-tokens")) longestAnswerRenamed(body);
        return send({ body, pictures: request.images });
      },
    });
  },
  inspect: (preset, options) => inspectOpenAi(preset, { ...options, server: chatAddress(preset, options.baseUrl) }),
});

function chatAddress(preset: Preset, given: string | undefined): string {
  return serverAddress(preset, given).replace(/\/chat\/completions$/, "");
}
