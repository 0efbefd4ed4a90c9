export {
  AnswerError,
  InputError,
  isCancellation,
  isSightlineError,
  ModelError,
  reportError,
  SetupError,
  SightlineError,
} from "./errors.ts";
export type { AnswerErrorOptions, ErrorKind, ErrorOptionsWithHint, ErrorReport, ModelErrorOptions, Spent } from "./errors.ts";
export { clampBox, iou, PAGE_DPI, sizeTurned } from "./page.ts";
export type { Box, Line, LineSource, Page, Turn, TurnedPicture } from "./page.ts";
export type {
  AnswerCache,
  AskedQuestion,
  Attachment,
  BoxColor,
  CallOptions,
  Clock,
  Clothing,
  ColorName,
  DetectedObject,
  DetectedObjects,
  DocumentReader,
  EncodedImage,
  FileKind,
  FileStore,
  Garment,
  ImageCodec,
  ImageSize,
  InputFile,
  InputReader,
  Job,
  JobCall,
  JobProgress,
  JobRequest,
  Jobs,
  JobStart,
  JobStatus,
  LabelledBox,
  ModelTransport,
  ObjectDetector,
  OpenDocument,
  OpenFile,
  OpenVideo,
  Observations,
  Pattern,
  PictureKind,
  PictureLook,
  PictureReader,
  PreparedImage,
  PrepareOptions,
  RecognizedText,
  Span,
  Store,
  StoredFile,
  TextLayer,
  TextRecognizer,
  Thumbnail,
  TransportInit,
  VideoFrame,
  VideoReader,
  VideoSample,
} from "./ports.ts";
export type { AskOptions, ModelAbilities, ModelAnswer, ModelRequest, ModelUsage, RequestParameters, VisionModel } from "./model.ts";
export { OCR_DPI, wantedPages } from "./read-document.ts";
export { defineTask, parseInput, runTask, summaryOf } from "./task.ts";
export type { Door, FileField, Task, TaskContext } from "./task.ts";
export { counted, noUsage, runCounted, usageSchema } from "./usage.ts";
export type { Usage } from "./usage.ts";
export { lessonsOf } from "./corrections/lessons.ts";
export type { Lesson, Lessons, Pupil } from "./corrections/lessons.ts";
export { accuracyOf } from "./corrections/score.ts";
export { correctingOf, scoreAnswers } from "./corrections/score-answers.ts";
export type { Score, Tally, WrongValue } from "./corrections/score.ts";
export { toCsv } from "./csv.ts";
export type { Table } from "./csv.ts";
export { findQuote } from "./page.ts";
export { canPass, withRetries } from "./retry.ts";
export { isLookable, matchObject, parseVisualQuery, selectObjects, unjudgedSentence } from "./query/index.ts";
export type { ObjectMatch, SeenObject, SeenPicture, SelectedObject, VisualQuery } from "./query/index.ts";
export { askImage } from "./tasks/ask-image.ts";
export { describeImage } from "./tasks/describe-image.ts";
export { extractData } from "./tasks/extract-data.ts";
export { extractInvoice } from "./tasks/extract-invoice.ts";
export { describeVideo } from "./tasks/describe-video.ts";
export { extractText } from "./tasks/extract-text.ts";
export { locateObject } from "./tasks/locate-object.ts";
export { searchVideo } from "./tasks/search-video.ts";
export { summarizeText } from "./tasks/summarize-text.ts";
export { translateText } from "./tasks/translate-text.ts";
export { classifyImage } from "./tasks/classify-image.ts";
export { classifyText } from "./tasks/classify-text.ts";
export { tasks } from "./tasks/index.ts";
export { checkAnswer, parseJsonAnswer } from "./answer.ts";
export { askForAnswer } from "./ask.ts";
export type { AskContext, UsableAnswer } from "./ask.ts";
export { inspectServer, openModel, presetNamed } from "./backends/index.ts";
export { presets } from "./backends/presets.ts";
export type { Preset, Quirk } from "./backends/presets.ts";
export type { ListedModel, ModelOptions, ServerOptions, ServerReport } from "./backends/backend.ts";
export { familyOf } from "./families/index.ts";
export type { ModelFamily, PictureSize } from "./families/index.ts";
