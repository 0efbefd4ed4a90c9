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

export const LIMITS: Readonly<Record<JobKind, JobLimits>> = {
  image: { memoryBytes: 700e6, decodeMs: 8_000, workMs: 30_000 },
  perception: { memoryBytes: 1_500e6, decodeMs: 8_000, workMs: 120_000 },
};
