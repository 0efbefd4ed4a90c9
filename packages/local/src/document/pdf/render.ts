import { InputError } from "@sightline/core/errors";
import { PAGE_DPI } from "@sightline/core/page";
import { sharp } from "../../media/libvips.ts";
import type { PageImage, PageSize } from "../worker-document.ts";
import type { LoadedPage } from "./page.ts";
import { withMemory, type Pdfium } from "./pdfium.ts";

/** Pixels a page is drawn at: A3 at 400 dpi. 4 bytes each in pdfium's memory, which never shrinks, and 4 more on their way to JPEG. */
const MAX_PIXELS = 32_000_000;

/** Of a page's JPEG: print keeps its edges. */
const QUALITY = 90;

/** fpdfview.h: draw annotations; bytes as R, G, B, x; a bitmap of 4 bytes a pixel without alpha. */
const FPDF_ANNOT = 0x01;
const FPDF_REVERSE_BYTE_ORDER = 0x10;
const FPDF_BITMAP_BGRX = 3;
const WHITE = 0xffffffff;

/** The page's size in pixels as asked for, no more than `MAX_PIXELS` of them. */
export function pixelSize(
  points: { readonly width: number; readonly height: number },
  { longSide, dpi }: PageSize,
): { readonly width: number; readonly height: number; readonly reduced: boolean } {
  const long = Math.max(points.width, points.height);
  const fit = longSide === undefined ? Infinity : longSide / long;
  const wanted = Math.min(fit, dpi === undefined && longSide !== undefined ? Infinity : (dpi ?? PAGE_DPI) / 72);
  const most = Math.sqrt(MAX_PIXELS / (points.width * points.height));
  const scale = Math.min(wanted, most);
  // Very long and narrow pages: the short side has one pixel, the long one no more than there may be.
  const side = (length: number): number => Math.min(MAX_SIDE, Math.max(1, Math.round(length * scale)));
  return { width: side(points.width), height: side(points.height), reduced: wanted > most };
}

/** JPEG's own bound. */
const MAX_SIDE = 65_500;

/** Draws a page on white, with its annotations and form fields. The pixels leave pdfium's memory before they are encoded. */
export function renderPage(lib: Pdfium, page: LoadedPage, size: PageSize): { encode(): Promise<PageImage> } {
  const { width, height, reduced } = pixelSize({ width: page.pointsWide, height: page.pointsHigh }, size);
  const stride = width * 4;
  const pixels = withMemory(lib, stride * height, (at) => {
    const bitmap = lib.FPDFBitmap_CreateEx(width, height, FPDF_BITMAP_BGRX, at, stride);
    if (bitmap === 0)
      throw new InputError(`The page cannot be drawn at ${width} x ${height} pixels.`, { hint: "Ask for a smaller picture." });
    try {
      const flags = FPDF_ANNOT | FPDF_REVERSE_BYTE_ORDER;
      lib.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, WHITE);
      lib.FPDF_RenderPageBitmap(bitmap, page.handle, 0, 0, width, height, 0, flags);
      lib.FPDF_FFLDraw(page.form, bitmap, page.handle, 0, 0, width, height, 0, flags);
      return Buffer.from(lib.pdfium.HEAPU8.slice(at, at + stride * height).buffer);
    } finally {
      lib.FPDFBitmap_Destroy(bitmap);
    }
  });
  return {
    async encode() {
      const raw = sharp(pixels, { raw: { width, height, channels: 4 } }).removeAlpha();
      const bytes = await raw.jpeg({ quality: QUALITY }).toBuffer();
      const warnings = reduced ? [`The page is so large that its picture was made smaller: ${width} x ${height} pixels.`] : [];
      return { image: { bytes, mediaType: "image/jpeg", width, height }, warnings };
    },
  };
}
