import { InputError } from "@sightline/core/errors";
import { PAGE_DPI } from "@sightline/core/page";
import { withMemory, type Pdfium } from "./pdfium.ts";

/** A page that is loaded: pdfium's handles, and where its coordinates lie. */
export interface LoadedPage {
  readonly handle: number;
  readonly form: number;
  /** Points (72 to the inch), upright. */
  readonly pointsWide: number;
  readonly pointsHigh: number;
  /** Pixels at `PAGE_DPI`, upright. */
  readonly width: number;
  readonly height: number;
  /** From the page's own coordinates (points, y upwards, before rotation and cropping) to its pixels at `PAGE_DPI`. */
  toPixels(x: number, y: number): { readonly x: number; readonly y: number };
}

/** Side of the imaginary device that points are measured on: pdfium gives whole numbers only. */
const DEVICE = 1_000_000;

/** Runs `use` on a page (from 1), and frees it. InputError when it cannot be loaded. */
export function withPage<Result>(
  lib: Pdfium,
  document: { readonly handle: number; readonly form: number },
  page: number,
  use: (page: LoadedPage) => Result,
): Result {
  const handle = lib.FPDF_LoadPage(document.handle, page - 1);
  if (handle === 0) {
    throw new InputError("The page is damaged and cannot be read.", {
      hint: "Read the other pages; if other programs show this one, print it to a new PDF and use that.",
    });
  }
  try {
    lib.FORM_OnAfterLoadPage(handle, document.form);
    const pointsWide = lib.FPDF_GetPageWidthF(handle);
    const pointsHigh = lib.FPDF_GetPageHeightF(handle);
    if (!(pointsWide > 0 && pointsHigh > 0 && Number.isFinite(pointsWide * pointsHigh))) {
      throw new InputError(`The page has no usable size (${pointsWide} x ${pointsHigh} points).`, { hint: "Read the other pages." });
    }
    const width = pixels(pointsWide);
    const height = pixels(pointsHigh);
    const at = deviceCoordinates(lib, handle);
    const origin = at(0, 0);
    const right = at(1000, 0);
    const up = at(0, 1000);
    return use({
      handle,
      form: document.form,
      pointsWide,
      pointsHigh,
      width,
      height,
      toPixels: (x, y) => ({
        x: ((origin.x + ((right.x - origin.x) * x + (up.x - origin.x) * y) / 1000) * width) / DEVICE,
        y: ((origin.y + ((right.y - origin.y) * x + (up.y - origin.y) * y) / 1000) * height) / DEVICE,
      }),
    });
  } finally {
    lib.FORM_OnBeforeClosePage(handle, document.form);
    lib.FPDF_ClosePage(handle);
  }
}

const pixels = (points: number): number => Math.max(1, Math.round((points * PAGE_DPI) / 72));

function deviceCoordinates(lib: Pdfium, page: number): (x: number, y: number) => { x: number; y: number } {
  return (x, y) =>
    withMemory(lib, 8, (at) => {
      lib.FPDF_PageToDevice(page, 0, 0, DEVICE, DEVICE, 0, x, y, at, at + 4);
      return { x: lib.pdfium.HEAP32[at >> 2] ?? 0, y: lib.pdfium.HEAP32[(at >> 2) + 1] ?? 0 };
    });
}
