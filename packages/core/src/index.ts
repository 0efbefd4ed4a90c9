export { AnswerError, InputError, isCancellation, isSightlineError, ModelError, SetupError, SightlineError } from "./errors.ts";
export type { AnswerErrorOptions, ErrorKind, ErrorOptionsWithHint, ModelErrorOptions } from "./errors.ts";
export { clampBox, iou } from "./page.ts";
export type { Box, Line, LineSource, Page } from "./page.ts";
export type {
  CallOptions,
  Clothing,
  ColorName,
  DetectedObject,
  DetectedObjects,
  EncodedImage,
  FileKind,
  Garment,
  ImageCodec,
  ImageSize,
  InputFile,
  InputReader,
  LabelledBox,
  ModelTransport,
  ObjectDetector,
  Pattern,
  PictureKind,
  PictureLook,
  PictureReader,
  PreparedImage,
  PrepareOptions,
  RecognizedText,
  Store,
  TextRecognizer,
} from "./ports.ts";
export type { ModelAbilities, ModelAnswer, ModelRequest, ModelUsage, VisionModel } from "./model.ts";
export { defineTask, parseInput, runTask } from "./task.ts";
export type { Door, FileField, Task, TaskContext } from "./task.ts";
export { findQuote } from "./page.ts";
export { askImage } from "./tasks/ask-image.ts";
export { describeImage } from "./tasks/describe-image.ts";
export { extractText } from "./tasks/extract-text.ts";
export { tasks } from "./tasks/index.ts";
export { parseJsonAnswer } from "./answer.ts";
export { askForAnswer } from "./ask.ts";
export type { AskForAnswerOptions, UsableAnswer } from "./ask.ts";
export { openAiCompatible } from "./backends/openai-compatible.ts";
export type { OpenAiCompatibleOptions } from "./backends/openai-compatible.ts";
export { explainConnectionFailure } from "./backends/connection-failure.ts";
