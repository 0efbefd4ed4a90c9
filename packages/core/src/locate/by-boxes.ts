import { askForAnswer } from "../ask.ts";
import { AnswerError } from "../errors.ts";
import { type BoxConvention, countedSize, readBoxes, type ReadBoxes } from "../families/index.ts";
import { imagesForModel, type ModelImages } from "../model-images.ts";
import type { VisionModel } from "../model.ts";
import { iou } from "../page.ts";
import { thingAskedFor } from "../query/index.ts";
import { unshown } from "../text-model.ts";
import { type Answer, labelFor, type LocateContext, type Located, type Task } from "./locating.ts";
import { isThere } from "./second-look.ts";

const MAX_TOKENS = 1500;

/** From here on the detector's box and the model's are of one thing. */
const SAME_THING = 0.5;

/** Asks a model for boxes in its family's own words and numbers, and has it look at each of them again, alone. */
export async function locateByBoxes(model: VisionModel, convention: BoxConvention, task: Task, context: LocateContext): Promise<Answer> {
  const { file, query, sight, max } = task;
  const what = thingAskedFor(query);
  const sent = await sentPicture(model, convention, task, context);
  const [picture] = sent.images;
  if (picture === undefined) return { objects: [], warnings: sent.warnings };
  context.progress(`Asking ${model.id} where it is`);
  const { value } = await askForAnswer(
    model,
    { prompt: convention.ask(what, countedSize(convention, picture)), images: sent.images, maxTokens: MAX_TOKENS, temperature: 0 },
    (text): ReadBoxes => {
      const read = readBoxes(text, convention, picture, sight);
      if (read !== undefined) return read;
      throw new AnswerError("The answer holds no box and does not say that there is none.", { raw: text });
    },
    unshown(context),
  );
  const warnings = [...sent.warnings];
  if (value.refused > 0) warnings.push(`${value.refused} of the model's boxes could not be: corners exchanged, or outside the picture.`);
  const pointed = value.points.flatMap((point) => {
    const around = sight.objects.filter(
      ({ box }) => point.x >= box.x && point.x <= box.x + box.width && point.y >= box.y && point.y <= box.y + box.height,
    );
    const [smallest] = around.toSorted((one, other) => one.box.width * one.box.height - other.box.width * other.box.height);
    if (smallest === undefined)
      warnings.push(
        `The model points at x=${Math.round(point.x)} y=${Math.round(point.y)}, where nothing was detected that a box could be drawn around.`,
      );
    return smallest === undefined ? [] : [smallest.box];
  });
  const boxes = [...value.boxes, ...pointed];
  if (boxes.length > max) warnings.push(`${boxes.length} were boxed; the first ${max} are given.`);

  const objects: Located[] = [];
  const looked = boxes.slice(0, max);
  for (const [index, box] of looked.entries()) {
    context.progress(`Looking again at box ${index + 1}`, index, looked.length);
    if (!(await isThere(file, box, what, model, sight, context))) continue;
    const detected = sight.objects.find(
      (object) => iou(object.box, box) >= SAME_THING && (query.labels.length === 0 || query.labels.includes(object.label)),
    );
    objects.push({
      label: labelFor(query, detected?.label),
      box,
      ...(detected === undefined ? {} : { confidence: detected.confidence }),
      method: "model boxes",
    });
  }
  const dropped = looked.length - objects.length;
  if (dropped > 0) warnings.push(`${dropped} of ${looked.length} boxes were dropped: looked at alone, the model did not see it there.`);
  return { objects, warnings };
}

/** The picture at a size at which the model counts in the pixels that it was sent; unshrunk where that was asked for and its numbers do not depend on it. */
async function sentPicture(
  model: VisionModel,
  convention: BoxConvention,
  { file, sight }: Task,
  context: LocateContext,
): Promise<ModelImages> {
  if (convention.scale !== "pixels") return imagesForModel([file], model, context);
  const { maxPixels = Infinity } = convention;
  const longest = Math.max(sight.width, sight.height);
  const longSide = Math.min(model.abilities.longSide, longest);
  const pixels = sight.width * sight.height * (longSide / longest) ** 2;
  const fitting = pixels <= maxPixels ? longSide : Math.floor(longSide * Math.sqrt(maxPixels / pixels));
  const sent = await imagesForModel(
    [file],
    { ...model, abilities: { ...model.abilities, longSide: fitting } },
    { ...context, original: false },
  );
  if (!context.original || fitting === longest) return sent;
  return {
    ...sent,
    warnings: [...sent.warnings, `The picture was shrunk to ${fitting} pixels: ${model.id} counts in the pixels that its server keeps.`],
  };
}
