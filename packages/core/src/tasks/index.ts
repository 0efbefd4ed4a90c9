import type { Task } from "../task.ts";
import { askImage } from "./ask-image.ts";
import { classifyImage } from "./classify-image.ts";
import { classifyText } from "./classify-text.ts";
import { describeImage } from "./describe-image.ts";
import { describeVideo } from "./describe-video.ts";
import { extractData } from "./extract-data.ts";
import { extractInvoice } from "./extract-invoice.ts";
import { extractText } from "./extract-text.ts";
import { locateObject } from "./locate-object.ts";
import { searchVideo } from "./search-video.ts";
import { summarizeText } from "./summarize-text.ts";
import { translateText } from "./translate-text.ts";

/** Every task, in the order the doors list them: the table of contents. */
export const tasks: readonly Task[] = [
  describeImage,
  askImage,
  locateObject,
  classifyImage,
  extractText,
  extractInvoice,
  extractData,
  searchVideo,
  describeVideo,
  summarizeText,
  translateText,
  classifyText,
];
