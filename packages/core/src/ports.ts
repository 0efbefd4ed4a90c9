import type { ErrorReport, InputError } from "./errors.ts";
import type { Box, Line, Page, Turn, TurnedPicture } from "./page.ts";

/**
 * What a host can offer. Core touches no file, network, clock or native code by itself: a host
 * (`@sightline/local`, an n8n node, a test) hands these in. Every call takes an `AbortSignal` and
 * ends its work when that fires; every failure is one of the four errors.
 */

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** What the caller calls the picture, e.g. its file name: error messages begin with it. */
  readonly name?: string | undefined;
}

/** What an input turned out to be, by its bytes and never by its name. */
export type FileKind = "image" | "pdf" | "xml" | "video";

export interface InputFile {
  /** A name to call it by in messages and warnings: the file's base name, the URL, a data URI's `name` parameter, or "data URI". */
  readonly name: string;
  readonly kind: FileKind;
  /** IANA media type by magic bytes, e.g. `image/jpeg`. */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** A file that stays where it is, open for reading: it may be larger than the memory. */
export interface OpenFile {
  readonly name: string;
  readonly kind: FileKind;
  /** IANA media type by magic bytes, e.g. `video/mp4`. */
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** Absolute, with links resolved; what lies there may be another file by the time it is opened anew. */
  readonly path: string;
  /** The file that was checked, as a descriptor of this process. */
  readonly descriptor: number;
  /** Closes it, and removes it where it was a copy made for this call. */
  close(): Promise<void>;
}

/**
 * Resolves what a caller wrote (absolute path, `file://`, `https://`, `data:`, or a host's own
 * handle) to bytes. InputError when it may not be read or is none of `accept`.
 */
export interface InputReader {
  read(reference: string, options: CallOptions & { readonly accept: readonly FileKind[] }): Promise<InputFile>;
  /** The same without reading it whole: for videos. Whoever asked closes it. */
  open(reference: string, options: CallOptions & { readonly accept: readonly FileKind[] }): Promise<OpenFile>;
}

/** An encoded picture, ready to be sent or saved. Upright, alpha flattened on white. */
export interface EncodedImage {
  readonly bytes: Uint8Array;
  readonly mediaType: "image/jpeg" | "image/png";
  readonly width: number;
  readonly height: number;
}

export interface ImageSize {
  /** Full-resolution pixels after EXIF rotation. */
  readonly width: number;
  readonly height: number;
}

export interface PrepareOptions extends CallOptions {
  /** Longest side of the result in pixels; a smaller picture is never enlarged. Default: full size. */
  readonly longSide?: number;
  /** Upper bound of the encoded bytes. Quality gives way first, then (with nothing else left) the size. */
  readonly maxBytes?: number;
  /** Only this part, in full-resolution upright pixels. */
  readonly crop?: Box;
  /** Turned by so many degrees clockwise, after all else. */
  readonly turn?: Turn;
}

export interface PreparedImage extends EncodedImage {
  /** The upright original's size: multiply by `original.width / width` to return to its pixels. */
  readonly original: ImageSize;
  /** What is wrong with a picture that could still be decoded, in words. */
  readonly warnings: readonly string[];
}

export interface LabelledBox {
  readonly label: string;
  readonly box: Box;
  /** Default: one colour for each label. */
  readonly color?: BoxColor;
}

/** Colours for boxes that mean something: right, wrong, doubtful, and neither. */
export type BoxColor = "green" | "red" | "orange" | "blue";

/** Pictures in, pictures out. Untrusted bytes are decoded behind a kill. */
export interface ImageCodec {
  /** Decodes enough to know the size; InputError when it is no decodable picture. */
  size(image: Uint8Array, options?: CallOptions): Promise<ImageSize>;
  /** Upright JPEG for a model, alpha on white. */
  prepare(image: Uint8Array, options?: PrepareOptions): Promise<PreparedImage>;
  /**
   * The picture unshrunk: the file's own bytes, with all that is in them, where they are an upright JPEG or PNG; else encoded anew at full size.
   */
  original(image: Uint8Array, options?: CallOptions): Promise<PreparedImage>;
  /** Several pictures tiled into one sheet, each with its label in a band above it. */
  sheet(
    images: readonly { readonly image: Uint8Array; readonly label: string }[],
    options?: CallOptions & { readonly longSide?: number },
  ): Promise<EncodedImage>;
  /**
   * The picture at full size with the boxes and their labels drawn on it; each label on top of its box where there is room, or (`labels: "inside"`) in its corner.
   * `letters` is the height of the labels' em in pixels; by default they are read with ease when the whole picture is shown on a screen.
   */
  annotate(
    image: Uint8Array,
    boxes: readonly LabelledBox[],
    options?: CallOptions & { readonly labels?: "outside" | "inside"; readonly letters?: number },
  ): Promise<EncodedImage>;
}

/** A file inside a document. */
export interface Attachment {
  /** As the document names it; untrusted. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A page as its text layer tells it; no line where it has none. Boxes are pixels of the page at `PAGE_DPI`. */
export interface TextLayer extends Page {
  /** False when the layer is missing, empty or garbage: the page has to be looked at. */
  readonly legible: boolean;
}

/**
 * A document that was opened: pages of a PDF or a multi-page TIFF, or one picture as one page. Pages count from 1. Untrusted bytes are parsed behind a kill; one page at a time is
 * in memory.
 */
export interface OpenDocument {
  readonly pageCount: number;
  readonly attachments: readonly Attachment[];
  /** What is wrong with a document that could still be opened, in words. */
  readonly warnings: readonly string[];
  /** InputError when the page cannot be read. */
  textLayer(page: number, options?: CallOptions): Promise<TextLayer>;
  /** The page as an upright picture: `longSide` pixels at most, or `dpi` (a picture knows its own pixels alone and ignores it). Default: `PAGE_DPI`. */
  image(page: number, options?: CallOptions & { readonly longSide?: number; readonly dpi?: number }): Promise<EncodedImage>;
  close(): Promise<void>;
}

/** Opens PDFs and pictures as documents. InputError when the file is damaged, encrypted, empty or too large, in words that say which. */
export interface DocumentReader {
  open(file: InputFile, options?: CallOptions & { readonly password?: string | undefined }): Promise<OpenDocument>;
}

/** A small greyscale picture: enough to tell whether something moved. One byte a pixel, rows from the top. */
export interface Thumbnail {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A moment of a video as a thumbnail; `time` is the frame's own, in seconds from the video's beginning. */
export interface VideoSample {
  readonly time: number;
  readonly thumbnail: Thumbnail;
}

export interface VideoFrame {
  /** The frame's own time, in seconds from the video's beginning. */
  readonly time: number;
  /** Upright, pixels square. */
  readonly image: EncodedImage;
}

/** A part of the video, in seconds from its beginning. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What was seen so far, kept so that long work which ended early goes on from there. Keeping fails no call. */
export interface Observations {
  find(key: string): unknown;
  /** `value` is plain data. */
  keep(key: string, value: unknown): void;
  /** What was kept is on disk when it resolves. */
  close(): Promise<void>;
  /** Forgets all of it; in place of `close`. */
  discard(): Promise<void>;
}

/** A video that was opened. What is in memory at a time does not grow with its length. */
export interface OpenVideo extends ImageSize {
  /** Seconds. */
  readonly duration: number;
  /** Frames a second, on average. */
  readonly frameRate: number;
  /**
   * Moments from `start` to `end` in order, at most about `gap` seconds apart where the video has frames: keyframes, and frames between them where those lie
   * further apart. The first and the last frame of the span are among them.
   */
  samples(options: Span & { readonly gap: number } & CallOptions): AsyncIterable<VideoSample>;
  /** Every frame of the span as a thumbnail. */
  motion(options: Span & CallOptions): AsyncIterable<VideoSample>;
  /**
   * For each of `times` (ascending) the first frame at or after it, or the last one before it where the video ends; in order, each frame once. A time where nothing
   * can be decoded, or not in time, gives none: `onUnread` is told of it before the next frame comes.
   */
  frames(
    times: readonly number[],
    options: { readonly longSide: number; onUnread?(time: number, why: InputError): void } & CallOptions,
  ): AsyncIterable<VideoFrame>;
  /** Parts that could not be decoded, or only with faults, among all that was asked for so far. */
  damage(): readonly Span[];
  /** What was seen of this very content before, by whom and how `by` says. */
  observations(by: string): Promise<Observations>;
}

/** Opens videos. InputError when a file has no pictures or cannot be decoded, SetupError when the program that decodes them is missing. */
export interface VideoReader {
  open(file: OpenFile, options?: CallOptions): Promise<OpenVideo>;
}

/** What was read on a picture, and how it was turned for that: a warning says so too. */
export interface RecognizedText extends TurnedPicture {
  /** In reading order, boxes in full-resolution pixels of the picture as it was read. */
  readonly lines: readonly Line[];
  readonly warnings: readonly string[];
}

/** OCR: text recognition on the machine itself. */
export interface TextRecognizer {
  recognize(
    image: Uint8Array,
    options?: CallOptions & {
      /** BCP 47 language tag of the text, when the caller knows it. */
      readonly language?: string;
      /** Told in plain words what is being done. */
      readonly onProgress?: (message: string) => void;
    },
  ): Promise<RecognizedText>;
}

export interface DetectedObject {
  /** COCO class name: "person", "bus", "dog", … */
  readonly label: string;
  readonly box: Box;
  /** 0 to 1. */
  readonly confidence: number;
}

export interface DetectedObjects extends ImageSize {
  /** Highest confidence first. */
  readonly objects: readonly DetectedObject[];
}

/** Object detection on the machine itself. */
export interface ObjectDetector {
  detect(image: Uint8Array, options?: CallOptions): Promise<DetectedObjects>;
}

/** Plain colour names, the ones people use when they describe clothing. */
export type ColorName =
  | "black"
  | "white"
  | "gray"
  | "red"
  | "orange"
  | "yellow"
  | "green"
  | "turquoise"
  | "blue"
  | "purple"
  | "pink"
  | "brown"
  | "beige";

export type Pattern = "plain" | "striped" | "checked" | "patterned";

export interface Garment {
  /** Largest share first; names only those that cover a real part of the garment. Modified names such as "light blue" and "dark red" are allowed. */
  readonly colors: readonly string[];
  /** Left out when it cannot be told. */
  readonly pattern?: Pattern;
  /** For an upper garment: sleeves of another colour than the body. */
  readonly sleeves?: readonly string[];
}

export interface Clothing {
  /** A part that is hidden, cut off or too small to judge is left out: absent means not seen. */
  readonly upper?: Garment;
  readonly lower?: Garment;
  readonly feet?: Garment;
}

/** The kind of picture. "other" when nothing speaks clearly for one of them. */
export type PictureKind = "photo" | "document" | "receipt" | "invoice" | "screenshot" | "chart" | "drawing" | "other";

/** What can be told from pixels alone. */
export interface PictureLook {
  /** Main colours of the whole picture, largest share first. */
  readonly colors: readonly string[];
  /** What the pixels speak for: flat colours and straight edges, or the grain of a photograph. */
  readonly kind: PictureKind;
  /** One entry for each person box handed in, in that order. */
  readonly clothing: readonly Clothing[];
}

/** Reads colours, clothing and the kind of picture from pixels. */
export interface PictureReader {
  look(
    image: Uint8Array,
    evidence: {
      readonly people: readonly Box[];
      readonly objects: readonly DetectedObject[];
      /** As they were read, on a turned page too: their words, shapes and areas tell the kind, not where on the picture they stand. */
      readonly lines: readonly Line[];
    },
    options?: CallOptions,
  ): Promise<PictureLook>;
}

/** What a caller may say besides what fetch takes. */
export interface TransportInit extends RequestInit {
  /** Told in words a person can read when the server asks to wait before the next try. */
  readonly onWait?: ((message: string) => void) | undefined;
}

/**
 * A fetch-shaped way to the model server: deadlines and retries are its business, never the caller's. It rejects as fetch does; the backends
 * turn that into one of the four errors.
 */
export type ModelTransport = (url: string | URL | Request, init?: TransportInit) => Promise<Response>;

/** Time, so that long waits can be tested in none. */
export interface Clock {
  /** Milliseconds; only differences mean anything. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when that fires first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What is asked of which model: two questions that are equal in all of this have the same answer. */
export interface AskedQuestion {
  readonly backend: string;
  readonly server: string;
  readonly model: string;
  readonly prompt: string;
  readonly images: readonly EncodedImage[];
  /** Schema and parameters, as JSON. */
  readonly settings: string;
}

/** Keeps answers. What it keeps never fails a call: a broken cache has no answer. */
export interface AnswerCache {
  find(question: AskedQuestion): Promise<string | undefined>;
  keep(question: AskedQuestion, answer: string): Promise<void>;
}

/** Where results that are better saved than shown go: annotated pictures, long texts. */
export interface Store {
  /** Saves whole or not at all; returns an absolute path. */
  save(file: { readonly bytes: Uint8Array; readonly name: string; readonly mediaType: string }): Promise<string>;
}

/** A file that a store keeps for a while. */
export interface StoredFile {
  /** Unguessable: whoever knows it may read the file. Written `sightline://files/ID` it stands wherever an input names a file. */
  readonly id: string;
  /** Absolute path. */
  readonly path: string;
  /** IANA media type, by the file's bytes or by what it was saved as. */
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** When it was saved: ISO 8601, UTC. */
  readonly savedAt: string;
  /** When it is removed at the latest: ISO 8601, UTC. */
  readonly expiresAt: string;
}

/** A store that other programs hand files to, and fetch results from, by handle. */
export interface FileStore extends Store {
  /** As `save` does, and tells its handle. */
  keep(file: Parameters<Store["save"]>[0]): Promise<StoredFile>;
  /** Takes a file as it arrives. InputError when it is empty or no picture, document or video; SetupError when there is no room for it. */
  receive(chunks: AsyncIterable<Uint8Array>, options: CallOptions & { readonly name: string }): Promise<StoredFile>;
  /** Undefined when it never was or is not any more. */
  find(id: string): Promise<StoredFile | undefined>;
  /** The files that were received and are still kept, the newest first. */
  received(): Promise<Omit<StoredFile, "path">[]>;
  /** Removes a file that was received. False when there is none. */
  remove(id: string): Promise<boolean>;
}

/** A call of a task, as data. */
export interface JobRequest {
  /** The task's name. */
  readonly task: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** What whoever runs it must know besides: plain data, agreed on between those who start and those who run. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** What a running job has of whoever runs it. */
export interface JobCall {
  /** Fires when the job was cancelled, or must end here. */
  readonly signal: AbortSignal;
  progress(message: string, done?: number, total?: number): void;
}

export interface JobStart {
  /** A name of the caller's own, in the form of a UUID. A job of that name which waits, runs or is done is not started again; one that came to nothing is. */
  readonly id?: string;
  /** Runs it here and now, when it is under way already. Whoever has to take the job over begins it anew, by its request. */
  readonly here?: (call: JobCall) => Promise<Readonly<Record<string, unknown>>>;
}

/** What was reported last. */
export interface JobProgress {
  readonly message: string;
  /** Steps done, of `total`, where they are known. */
  readonly done?: number;
  readonly total?: number;
  /** Why whoever was to run it cannot, so that it waits for another. */
  readonly refusal?: ErrorReport;
}

/** `lost`: whoever ran it ended before it was done. */
export type JobStatus = "queued" | "running" | "done" | "failed" | "cancelled" | "lost";

/** A task that is run apart from the call that started it. */
export interface Job {
  /** Unguessable: whoever knows it may read and cancel the job. */
  readonly id: string;
  readonly task: string;
  readonly status: JobStatus;
  readonly progress?: JobProgress;
  /** What the work came to, once it is done. */
  readonly result?: Readonly<Record<string, unknown>>;
  /** Why there is no result: failed, cancelled or lost. */
  readonly error?: ErrorReport;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** When its last run began: ISO 8601, UTC. Left out while it has none. */
  readonly startedAt?: string;
  /** ISO 8601, UTC; there as soon as the job has come to an end, whichever. */
  readonly endedAt?: string;
}

/** Runs tasks apart from the calls that start them. An id that is unknown, or of a job that is not kept any more, finds undefined everywhere. */
export interface Jobs {
  /** Queues a call and returns the job's id. InputError when too many wait already. */
  start(request: JobRequest, options?: JobStart): Promise<string>;
  find(id: string): Promise<Job | undefined>;
  /** Waits for the job to end and returns it. Rejects with the signal's reason when that fires first; the job goes on. */
  settled(
    id: string,
    options?: Pick<CallOptions, "signal"> & { readonly onProgress?: ((progress: JobProgress) => void) | undefined },
  ): Promise<Job | undefined>;
  /** Ends a job that has not ended yet, and drops what it has done. Returns the job as it is then. */
  cancel(id: string): Promise<Job | undefined>;
  /** Forgets a job that has ended, and its result. */
  forget(id: string): Promise<void>;
  /** Ends. What this process runs is handed to another where there is one, else it is lost and says so. */
  close(): Promise<void>;
}
