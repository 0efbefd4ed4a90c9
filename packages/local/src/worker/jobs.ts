import { defineJobs } from "./define-job.ts";

/** All work on untrusted bytes. Code is loaded in the worker, when a job is first asked for. */
export const jobs = defineJobs(import.meta.url, {
  "image-size": { kind: "image", load: async () => (await import("../media/jobs.ts")).imageSize },
  "prepare-image": { kind: "image", load: async () => (await import("../media/jobs.ts")).prepareImage },
});

export type Jobs = typeof jobs.table;
