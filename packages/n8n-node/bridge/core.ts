/** The one place where the node reaches core: the build bundles it in, and n8n's scanner allows no import of a package elsewhere. */
export {
  AnswerError,
  countedContext,
  inspectServer,
  isSightlineError,
  InputError,
  ModelError,
  openModel,
  presets,
  runTask,
  SetupError,
  usageSchema,
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
  Usage,
  VisionModel,
} from "@sightline/core";
