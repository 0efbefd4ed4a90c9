import { type ImageCodec, InputError, type InputFile, SetupError, type TaskContext, type VisionModel } from "../bridge/core.ts";
import { openPdf } from "./pdf.ts";
import { type PictureHeader, pictureHeader } from "./picture.ts";
import { SERVER_COMMAND } from "./server-command.ts";

/** What n8n itself can offer a task: a model, the pictures as they are, and the files inside a PDF. Everything else is the server's. */

/** Media types that every model server takes. */
const SENT_AS_THEY_ARE: ReadonlySet<string> = new Set(["image/jpeg", "image/png"]);

/** SetupError that says how to get what is missing. */
function needsServer(what: string): SetupError {
  return new SetupError(`${what} is not possible inside n8n.`, {
    hint: `Start the Sightline server with \`${SERVER_COMMAND}\` and choose a "Sightline Server API" credential in this node.`,
  });
}

function headerOf(bytes: Uint8Array, name = "The picture"): PictureHeader {
  const header = pictureHeader(bytes);
  if (header === undefined) throw new InputError(`${name} cannot be read: it is damaged, or no picture.`);
  return header;
}

/** Pictures go as they are: nothing is decoded, shrunk or turned. */
const images: ImageCodec = {
  size: async (bytes, options) => headerOf(bytes, options?.name),
  prepare: async (bytes, options) => asItIs(bytes, options?.name, options?.crop !== undefined),
  original: async (bytes, options) => asItIs(bytes, options?.name, false),
  sheet: async () => Promise.reject(needsServer("Several pictures in one question to a model that takes one at a time")),
  annotate: async () => Promise.reject(needsServer("Drawing on pictures")),
};

function asItIs(bytes: Uint8Array, name: string | undefined, crop: boolean): Awaited<ReturnType<ImageCodec["original"]>> {
  if (crop) throw needsServer("Cutting a part out of a picture");
  const { mediaType, width, height, orientation } = headerOf(bytes, name);
  if (!SENT_AS_THEY_ARE.has(mediaType)) {
    throw new SetupError(
      `${name ?? "The picture"} is of the type ${mediaType}, and models take JPEG and PNG: it would have to be converted.`,
      {
        hint: `Convert it before this node, or start the Sightline server with \`${SERVER_COMMAND}\` and choose a "Sightline Server API" credential in this node.`,
      },
    );
  }
  const turned =
    orientation === 1
      ? []
      : [
          `${name ?? "The picture"} is stored turned or mirrored (EXIF orientation ${orientation}) and goes to the model as it is stored: model servers do not turn it. The Sightline server does.`,
        ];
  return { bytes, mediaType: mediaType as "image/jpeg" | "image/png", width, height, original: { width, height }, warnings: turned };
}

/** What a call brings with it. */
export interface HostCall {
  /** By the reference that stands for each in the task's input. */
  readonly files: ReadonlyMap<string, InputFile>;
  readonly model: VisionModel | undefined;
  readonly signal: AbortSignal;
}

export function modelContext({ files, model, signal }: HostCall): TaskContext {
  return {
    eyes: "none",
    input: {
      async read(reference, { accept }) {
        const file = files.get(reference);
        if (file === undefined) throw new InputError("A file that this call was not given cannot be read.");
        if (accept.includes(file.kind)) return file;
        throw new InputError(
          `${file.name} cannot be used here: it is ${file.kind === "pdf" ? "a PDF" : `of the kind ${file.kind}`}, and wanted is ${accept.join(" or ")}.`,
        );
      },
      open: async () => Promise.reject(needsServer("Opening a video")),
    },
    images,
    documents: { open: (file, options) => openPdf(file, options?.password, needsServer) },
    videos: { open: async () => Promise.reject(needsServer("Opening a video")) },
    text: { recognize: async () => Promise.reject(needsServer("Reading text in a picture")) },
    detector: { detect: async () => Promise.reject(needsServer("Detecting objects")) },
    pictures: { look: async () => Promise.reject(needsServer("Judging colors")) },
    store: { save: async () => Promise.reject(needsServer("Saving a file")) },
    model,
    textModel: model,
    fallback: "none",
    // Nothing can be shrunk here.
    original: true,
    answers: undefined,
    signal,
    progress: () => {},
  };
}
