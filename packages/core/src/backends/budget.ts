import { InputError, ModelError } from "../errors.ts";
import type { ModelFamily } from "../families/index.ts";
import type { ModelAbilities, ModelRequest } from "../model.ts";
import { estimateTokens } from "../tokens.ts";

/** Room that a chat template and a picture's own marks take, in tokens. */
const TEMPLATE_TOKENS = 32;

/** Below this an answer has no room to say anything, in tokens. */
const SHORTEST_ANSWER = 64;

export interface Budgeted {
  readonly id: string;
  readonly server: string;
  readonly family: ModelFamily;
  readonly abilities: ModelAbilities;
}

/**
 * The longest answer to ask for: what the request wants, as far as model and context have room for it.
 * InputError when the request has more pictures than the model takes; ModelError, with the numbers, when it cannot fit into the context.
 */
export function answerBudget(request: ModelRequest, model: Budgeted): number {
  const { maxImages, contextTokens } = model.abilities;
  if (request.images.length > maxImages) {
    throw new InputError(
      `${request.images.length} ${request.images.length === 1 ? "picture" : "pictures"} in one request, and ${model.id} takes at most ${maxImages}.`,
      { hint: "Ask about fewer pictures at a time, or set --max-images if the server takes more." },
    );
  }
  const wanted = Math.min(request.maxTokens, model.family.maxOutputTokens?.(model.id) ?? Infinity);
  if (contextTokens === undefined) return wanted;
  const pictures = request.images.reduce((sum, image) => sum + model.family.imageTokens(image), 0);
  const schema = request.schema === undefined ? 0 : estimateTokens(JSON.stringify(request.schema.schema));
  const question = estimateTokens(request.prompt) + schema + pictures + TEMPLATE_TOKENS;
  const room = contextTokens - question;
  if (room < Math.min(wanted, SHORTEST_ANSWER)) {
    throw new ModelError(
      `The request is too long for ${model.id} at ${model.server}: it takes about ${question} tokens${pictures === 0 ? "" : ` (${pictures} of them for pictures)`} ` +
        `and the context holds ${contextTokens}.`,
      { hint: "Send fewer or smaller pictures or less text, or give the model a longer context with --context (SIGHTLINE_CONTEXT)." },
    );
  }
  return Math.min(wanted, room);
}
