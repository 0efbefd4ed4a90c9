import * as z from "zod";

/** A video as callers name it. */
export const videoInput = z.string().min(1).describe("Absolute path or https:// URL of a video");
