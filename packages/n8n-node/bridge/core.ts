/** The one place where the node reaches core: the build bundles it in, and n8n's scanner allows no import of a package elsewhere. */
export {
  AnswerError,
  canPass,
  inspectServer,
  isSightlineError,
  InputError,
  ModelError,
  openModel,
  presets,
  runCounted,
  SetupError,
  usageSchema,
  withRetries,
} from "@sightline/core";
export type {
  Clock,
  DocumentReader,
  FileKind,
  ImageCodec,
  InputFile,
  ModelTransport,
  OpenDocument,
  Preset,
  SightlineError,
  TaskContext,
  Spent,
  VisionModel,
} from "@sightline/core";
