import type { JobKind } from "./define-job.ts";

/** What a job may use. A breach ends its worker. */
export interface JobLimits {
  /** Resident memory of the whole worker, bytes. */
  readonly memoryBytes: number;
  /** Until the untrusted bytes are pixels, ms. */
  readonly decodeMs: number;
  /** From then on, ms. */
  readonly workMs: number;
}

/**
 * Pictures, measured (peak resident memory): 12 MP JPEG made ready for a model 131 MB, 50 MP 140 MB; boxes drawn on 50 MP 337 MB, on
 * 100 MP that must be turned upright as well, the largest that is decoded, 745 MB.
 */
export const LIMITS: Readonly<Record<JobKind, JobLimits>> = {
  image: { memoryBytes: 800e6, decodeMs: 8_000, workMs: 30_000 },
  // A page at a time; one that is not drawn by then is made to be slow.
  document: { memoryBytes: 800e6, decodeMs: 8_000, workMs: 8_000 },
  perception: { memoryBytes: 1_500e6, decodeMs: 8_000, workMs: 120_000 },
};
