import type { VisionModel } from "../model.ts";
import type { InputError } from "../errors.ts";
import type { EncodedImage, VideoFrame } from "../ports.ts";
import type { TaskContext } from "../task.ts";
import type { VideoInHand } from "./open-video.ts";
import { isFramesFault } from "./unread.ts";

/** Cells of a contact sheet, in rows of four: each is then a quarter of what the model sees across. */
export const CELLS = 12;
const COLUMNS = 4;

/** Sheets in one question to a model that takes several pictures: what stands on more of them is mixed up. */
const MOST_SHEETS = 4;

/** A frame on a sheet, under its number from 1. */
export interface Cell {
  readonly number: number;
  /** Seconds. */
  readonly time: number;
}

export interface Sheets {
  readonly images: readonly EncodedImage[];
  readonly cells: readonly Cell[];
}

/** Frames that one question to this model can show. */
export function framesAQuestion({ abilities }: VisionModel): number {
  return CELLS * Math.max(1, Math.min(MOST_SHEETS, abilities.maxImages));
}

/** Longest side of a frame on a sheet, pixels. */
export function cellSide({ abilities }: VisionModel): number {
  return Math.ceil(abilities.longSide / COLUMNS);
}

/** The frames of the video at these times (ascending), so many at a time that one question shows them. Those that cannot be shown are `unread`. */
export async function* sheetsOf(
  { video, unread }: VideoInHand,
  times: readonly number[],
  model: VisionModel,
  context: TaskContext,
): AsyncGenerator<Sheets> {
  const most = framesAQuestion(model);
  const { signal } = context;
  let frames: VideoFrame[] = [];
  async function* drawn(): AsyncGenerator<Sheets> {
    try {
      if (frames.length > 0) yield await draw(frames, model, context);
    } catch (error) {
      if (!isFramesFault(error, signal)) throw error;
      for (const { time } of frames) unread.add(time, error);
    }
    frames = [];
  }
  const onUnread = (time: number, why: InputError): void => unread.add(time, why);
  for await (const frame of video.frames(times, { longSide: cellSide(model), signal, onUnread })) {
    frames.push(frame);
    if (frames.length === most) yield* drawn();
  }
  yield* drawn();
}

async function draw(frames: readonly VideoFrame[], model: VisionModel, { images, signal }: TaskContext): Promise<Sheets> {
  const { longSide, maxImageBytes } = model.abilities;
  const sheets: EncodedImage[] = [];
  for (let from = 0; from < frames.length; from += CELLS) {
    const cells = frames.slice(from, from + CELLS);
    const sheet = await images.sheet(
      cells.map(({ time, image }, index) => ({ image: image.bytes, label: `#${from + index + 1} t=${time.toFixed(2)} s` })),
      { longSide, signal },
    );
    const fits = maxImageBytes === undefined || sheet.bytes.length <= maxImageBytes;
    sheets.push(fits ? sheet : await images.prepare(sheet.bytes, { name: "the contact sheet", maxBytes: maxImageBytes, signal }));
  }
  return { images: sheets, cells: frames.map(({ time }, index) => ({ number: index + 1, time })) };
}

/** What the pictures are, for the prompt. */
export function sheetWords({ images, cells }: Sheets): string {
  const what =
    images.length === 1
      ? "The picture is a contact sheet of frames from one video"
      : `The ${images.length} pictures are contact sheets of frames from one video`;
  const list = cells.map(({ number, time }) => `#${number} at ${time.toFixed(2)} s`).join(", ");
  return `${what}, in the order of time, each under its number: ${list}.`;
}
