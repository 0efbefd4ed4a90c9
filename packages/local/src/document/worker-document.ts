import type { Attachment, EncodedImage, Line } from "@sightline/core";
import type { Kept } from "../worker/define-job.ts";

/** A document as it is open in a worker. Pages count from 1 and are in range: the reader sees to it. */
export interface WorkerDocument extends Kept {
  readonly pageCount: number;
  readonly attachments: readonly Attachment[];
  /** What is wrong with the document as a whole. */
  readonly warnings: readonly string[];
  text(page: number): Promise<PageText>;
  image(page: number, size: PageSize): Promise<PageImage>;
}

/** What a worker opens a document from. */
export interface DocumentStart {
  readonly kind: "pdf" | "image";
  readonly bytes: Uint8Array;
  readonly password: string | undefined;
}

export interface PageSize {
  readonly longSide: number | undefined;
  readonly dpi: number | undefined;
}

export interface PageText {
  /** Pixels at `PAGE_DPI`; of a picture its own. */
  readonly width: number;
  readonly height: number;
  readonly lines: readonly Line[];
  readonly legible: boolean;
  readonly warnings: readonly string[];
}

export interface PageImage {
  readonly image: EncodedImage;
  readonly warnings: readonly string[];
}
