import type { Box } from "@sightline/core";
import { unionBox } from "@sightline/core/page";
import type { LoadedPage } from "./page.ts";
import { withMemory, type Pdfium } from "./pdfium.ts";

/** fpdf_edit.h */
const FPDF_PAGEOBJ_IMAGE = 3;
const FPDF_PAGEOBJ_FORM = 5;

/** Objects that are looked at on one page: maps have hundreds of thousands. */
const MAX_OBJECTS = 20_000;

/** Where pictures stand on a page, in its pixels. Those inside a form count with the whole form's box where it holds nothing else. */
export function pictureBoxes(lib: Pdfium, page: LoadedPage): Box[] {
  const boxes: Box[] = [];
  const count = Math.min(lib.FPDFPage_CountObjects(page.handle), MAX_OBJECTS);
  for (let index = 0; index < count; index += 1) {
    const object = lib.FPDFPage_GetObject(page.handle, index);
    if (!isPicture(lib, object, 0)) continue;
    const box = bounds(lib, page, object);
    if (box !== undefined) boxes.push(box);
  }
  return boxes;
}

/** Forms inside forms, this deep. */
const MAX_DEPTH = 4;

function isPicture(lib: Pdfium, object: number, depth: number): boolean {
  const type = lib.FPDFPageObj_GetType(object);
  if (type === FPDF_PAGEOBJ_IMAGE) return true;
  if (type !== FPDF_PAGEOBJ_FORM || depth >= MAX_DEPTH) return false;
  const count = lib.FPDFFormObj_CountObjects(object);
  if (count <= 0 || count > MAX_OBJECTS) return false;
  for (let index = 0; index < count; index += 1) {
    if (!isPicture(lib, lib.FPDFFormObj_GetObject(object, index), depth + 1)) return false;
  }
  return true;
}

function bounds(lib: Pdfium, page: LoadedPage, object: number): Box | undefined {
  return withMemory(lib, 16, (at) => {
    if (!lib.FPDFPageObj_GetBounds(object, at, at + 4, at + 8, at + 12)) return undefined;
    const [left = 0, bottom = 0, right = 0, top = 0] = lib.pdfium.HEAPF32.subarray(at >> 2, (at >> 2) + 4);
    return unionBox([page.toPixels(left, top), page.toPixels(right, bottom)].map((corner) => ({ ...corner, width: 0, height: 0 })));
  });
}
