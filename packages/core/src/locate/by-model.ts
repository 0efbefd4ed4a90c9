import type { VisionModel } from "../model.ts";
import { matchObject } from "../query/index.ts";
import { locateByBoxes } from "./by-boxes.ts";
import { locateByGrid } from "./by-grid.ts";
import { candidatesFor, locateByMarks } from "./by-marks.ts";
import type { Answer, LocateContext, Task } from "./locating.ts";

/** Asks the model where it is, in the way that its family can say it. */
export async function locateByModel(model: VisionModel, task: Task, context: LocateContext): Promise<Answer> {
  const answer = await ask(model, task, context);
  if (answer.objects.length > 0) return answer;
  const { query, sight } = task;
  const seen = sight.objects.filter((object) => matchObject(query, object, sight).matches).length;
  if (seen === 0 || query.unjudged.length > 0) return answer;
  return {
    ...answer,
    warnings: [
      ...answer.warnings,
      `This machine's own detector sees ${seen} that may be it: --backend none shows ${seen === 1 ? "it" : "them"}.`,
    ],
  };
}

async function ask(model: VisionModel, task: Task, context: LocateContext): Promise<Answer> {
  const { boxes } = model.family;
  if (boxes !== undefined) return locateByBoxes(model, boxes, task, context);
  const candidates = candidatesFor(task);
  if (candidates.length === 0) return locateByGrid(model, task, context);
  const answer = await locateByMarks(model, candidates, task, context);
  // Where the detector knows the kind, "none of them" is the answer; where it does not, the thing may stand between its boxes.
  return answer.objects.length > 0 || task.query.labels.length > 0 ? answer : locateByGrid(model, task, context);
}
