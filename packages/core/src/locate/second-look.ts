import { askForAnswer } from "../ask.ts";
import { AnswerError, isSightlineError } from "../errors.ts";
import { imagesForModel } from "../model-images.ts";
import type { VisionModel } from "../model.ts";
import { type Box, clampBox } from "../page.ts";
import type { InputFile } from "../ports.ts";
import type { LocateContext } from "./locating.ts";

/** Around the box, as a share of its longer side: what a thing stands in helps to tell what it is. */
const MARGIN = 0.15;

const MAX_TOKENS = 200;

/** True when the model, shown this part of the picture alone, says that the thing is there. An answer that is neither yes nor no is no. */
export async function isThere(
  file: InputFile,
  box: Box,
  what: string,
  model: VisionModel,
  picture: { readonly width: number; readonly height: number },
  context: LocateContext,
): Promise<boolean> {
  const margin = MARGIN * Math.max(box.width, box.height);
  const around = { x: box.x - margin, y: box.y - margin, width: box.width + 2 * margin, height: box.height + 2 * margin };
  const crop = clampBox(around, picture.width, picture.height) ?? box;
  const { name } = file;
  const part = await context.images.prepare(file.bytes, { name, signal: context.signal, crop });
  const { images } = await imagesForModel([{ ...file, bytes: part.bytes }], model, context);
  try {
    const { value } = await askForAnswer(
      model,
      {
        prompt: `This is a part of a picture. Does it show this: ${what}? Answer yes or no.`,
        images,
        maxTokens: MAX_TOKENS,
        temperature: 0,
      },
      yesOrNo,
      { signal: context.signal, progress: (...step) => context.progress(...step), answers: context.answers },
    );
    return value;
  } catch (error) {
    if (isSightlineError(error) && error.kind === "AnswerError") return false;
    throw error;
  }
}

function yesOrNo(text: string): boolean {
  // The question said back is no answer.
  const said = /\b(?:(yes|true)|(no|not|false|cannot)|(?:ca|does|is)n['’]t)\b/i.exec(text.replaceAll(/\byes or no\b/gi, ""));
  if (said === null) throw new AnswerError("The answer is neither yes nor no.", { raw: text });
  return said[1] !== undefined;
}
