/** The height every PP-OCR recogniser reads lines at. */
export const LINE_HEIGHT = 48;
/** Pixels a time step covers. */
export const STEP = 8;

/** A line cut out of the picture: RGB, `LINE_HEIGHT` high. */
export interface LineImage {
  readonly data: Uint8Array;
  readonly width: number;
}
