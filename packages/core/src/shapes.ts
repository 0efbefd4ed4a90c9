import * as z from "zod";

/** The zod shapes that several tasks share. Boxes are full-resolution pixels of the upright picture. */

export const boxShape = z
  .object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
  .describe("Bounding box in full-resolution pixels of the upright picture; x, y is the top left corner");

export const confidenceShape = z.number().min(0).max(1);

export const lineShape = z.object({ text: z.string(), box: boxShape, confidence: confidenceShape });

const sourceShape = z.enum(["text-layer", "ocr", "model"]);

export const pageShape = z.object({
  number: z.number().int().min(1),
  width: z.number().describe("Pixels, upright"),
  height: z.number().describe("Pixels, upright"),
  source: sourceShape.describe("Where the text comes from"),
  lines: z
    .array(lineShape.extend({ source: sourceShape }))
    .optional()
    .describe("With evidence: boxes"),
});

export const objectShape = z.object({ label: z.string(), box: boxShape, confidence: confidenceShape });

export const garmentShape = z.object({
  colors: z.array(z.string()).describe("Largest share first"),
  pattern: z.enum(["plain", "striped", "checked", "patterned"]).optional(),
  sleeves: z.array(z.string()).optional().describe("Sleeve colors where they differ from the body's"),
});

export const personShape = z.object({
  box: boxShape,
  confidence: confidenceShape,
  clothing: z
    .object({ upper: garmentShape.optional(), lower: garmentShape.optional(), feet: garmentShape.optional() })
    .describe("A part that cannot be seen is left out"),
});

export const warningsShape = z.array(z.string());

/** A document as callers name it. */
export const documentInput = z.string().min(1).describe("Absolute path, file:// or https:// URL, or data: URI of a PDF or a picture");

/** Which pages of it. */
export const pagesInput = z.string().min(1).optional().describe('Pages to read, e.g. "1-3,7" or "5-"; all where left out');

/** What opens it where it is encrypted. */
export const passwordInput = z.string().min(1).max(127).optional().describe("Opens an encrypted PDF");

/** A picture as callers name it. */
export const imageInput = z.string().min(1).describe("Absolute path, file:// or https:// URL, or data: URI of a picture");
