import * as z from "zod";
import { parseJsonAnswer } from "../answer.ts";
import { askForAnswer } from "../ask.ts";
import type { ModelRequest, VisionModel } from "../model.ts";
import type { Observations } from "../ports.ts";
import type { TaskContext } from "../task.ts";
import { unshown } from "../text-model.ts";
import { counted, noUsage } from "../usage.ts";

/** What questions about a video took. */
export interface Spent {
  /** Frames that were shown to the model. */
  readonly frames: number;
  /** Requests, those among them that had to be made again. */
  readonly calls: number;
  /** As the server counts them; 0 where it does not. */
  readonly tokens: number;
  /** Who answered, in the server's own words. */
  readonly model: string;
}

export interface Question<Value> {
  /** What it is about: the same key is the same question. */
  readonly key: string;
  readonly request: Pick<ModelRequest, "prompt" | "images" | "maxTokens">;
  /** The answer's name and shape. */
  readonly name: string;
  readonly schema: z.ZodType<Value>;
  /** Reads an answer in words, without any JSON. AnswerError where it cannot. Default: none is read. */
  readonly inWords?: (text: string) => Value;
  /** Frames that its pictures show. */
  readonly frames: number;
}

export interface Asker {
  ask<Value>(question: Question<Value>): Promise<Value>;
  spent(): Spent;
}

/** Asks about a video and counts; what was answered before, by a call that was cut off, is not asked again. */
export function createAsker(model: VisionModel, kept: Observations, context: TaskContext): Asker {
  let frames = 0;
  const usage = noUsage();
  const asked = counted(model, usage);
  return {
    async ask({ key, request, name, schema, inWords, frames: shown }) {
      frames += shown;
      const before = schema.safeParse(kept.find(key));
      if (before.success) return before.data;
      const { value } = await askForAnswer(
        asked,
        { ...request, schema: { name, schema: z.toJSONSchema(schema) }, temperature: 0 },
        (text) => (inWords === undefined || text.includes("{") ? parseJsonAnswer(text, schema) : inWords(text)),
        // Numbers of frames are no words to show.
        unshown(context),
      );
      kept.keep(key, value);
      return value;
    },
    spent: () => ({
      frames,
      calls: usage.calls,
      tokens: usage.input_tokens + usage.output_tokens,
      model: usage.models.at(-1) ?? model.id,
    }),
  };
}
