import type { VisionModel } from "../bridge/core.ts";

/** What the calls to a model cost. */
export interface Usage {
  calls: number;
  input_tokens: number;
  output_tokens: number;
}

/** The model, its questions counted into `usage`; tokens as far as the server says them. */
export function counted(model: VisionModel, usage: Usage): VisionModel {
  return {
    ...model,
    async ask(request, options) {
      usage.calls++;
      const answer = await model.ask(request, options);
      usage.input_tokens += answer.usage?.inputTokens ?? 0;
      usage.output_tokens += answer.usage?.outputTokens ?? 0;
      return answer;
    },
  };
}
