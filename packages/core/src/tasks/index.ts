import type { Task } from "../task.ts";
import { askImage } from "./ask-image.ts";
import { describeImage } from "./describe-image.ts";
import { extractText } from "./extract-text.ts";

/** Every task, in the order the doors list them: the table of contents. */
export const tasks: readonly Task[] = [describeImage, askImage, extractText];
