import { SetupError } from "./errors.ts";
import type { VisionModel } from "./model.ts";
import type { EncodedImage, ImageCodec, InputFile, PreparedImage } from "./ports.ts";

/** The part of a task's context that turns pictures into what is sent. */
export interface ImagesContext {
  readonly images: ImageCodec;
  /** True when pictures are to be sent unshrunk. */
  readonly original: boolean;
  readonly signal: AbortSignal;
}

export interface ModelImages {
  /** One each in the order given, or all of them on one sheet. */
  readonly images: readonly EncodedImage[];
  /** True when several pictures are on one sheet, numbered from 1 above each. */
  readonly sheet: boolean;
  /** What is wrong with a picture, and what it lost on its way to the model. */
  readonly warnings: readonly string[];
}

/**
 * The pictures as this model and its server take them: one each where they take so many, else all on one labelled sheet, no larger than the model sees.
 * SetupError when they take none.
 */
export async function imagesForModel(files: readonly InputFile[], model: VisionModel, context: ImagesContext): Promise<ModelImages> {
  const { longSide, maxImages, maxImageBytes } = model.abilities;
  const { signal } = context;
  if (maxImages < 1) {
    throw new SetupError(`${model.id} takes no pictures.`, { hint: "Set SIGHTLINE_MODEL to a vision model, e.g. qwen3-vl:8b." });
  }
  if (files.length <= maxImages) {
    const prepared: PreparedImage[] = [];
    for (const file of files) prepared.push(await oneImage(file, model, context));
    const warnings = prepared.flatMap((image, index) =>
      image.warnings.map((warning) => (files.length === 1 ? warning : `${files[index]?.name}: ${warning}`)),
    );
    return { images: prepared, sheet: false, warnings };
  }
  const sheet = await context.images.sheet(
    files.map((file, index) => ({ image: file.bytes, label: `${index + 1}` })),
    { longSide, signal },
  );
  const fits = maxImageBytes === undefined || sheet.bytes.length <= maxImageBytes;
  return {
    images: [fits ? sheet : await context.images.prepare(sheet.bytes, { name: "the sheet", maxBytes: maxImageBytes, signal })],
    sheet: true,
    warnings: context.original
      ? [
          `The pictures were shrunk onto one sheet: ${model.id} takes ${maxImages === 1 ? "one picture" : `${maxImages} pictures`} at a time.`,
        ]
      : [],
  };
}

async function oneImage({ bytes, name }: InputFile, model: VisionModel, context: ImagesContext): Promise<PreparedImage> {
  const { images, original, signal } = context;
  const call = { name, signal };
  if (original) return images.original(bytes, call);
  const { abilities, family } = model;
  // The size is another look at the bytes: taken only where the shape matters.
  const longSide =
    family.longSideOf === undefined ? abilities.longSide : Math.max(abilities.longSide, family.longSideOf(await images.size(bytes, call)));
  return images.prepare(bytes, {
    ...call,
    longSide,
    ...(abilities.maxImageBytes === undefined ? {} : { maxBytes: abilities.maxImageBytes }),
  });
}
