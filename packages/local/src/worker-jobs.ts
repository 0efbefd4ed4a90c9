import { defineJobs } from "./worker/define-job.ts";
import type { WorkerPool } from "./worker/pool.ts";

/** All work on untrusted bytes. Code is loaded in the worker, when a job is first asked for. */
export const jobs = defineJobs(import.meta.url, {
  "image-size": { kind: "image", load: async () => (await import("./media/jobs.ts")).imageSize },
  "prepare-image": { kind: "image", load: async () => (await import("./media/jobs.ts")).prepareImage },
  "original-image": { kind: "image", load: async () => (await import("./media/jobs.ts")).originalImage },
  "image-sheet": { kind: "image", load: async () => (await import("./media/sheet.ts")).sheetOfImages },
  "annotate-image": { kind: "image", load: async () => (await import("./media/annotate.ts")).annotateImage },
  "encode-frame": { kind: "image", load: async () => (await import("./media/jobs.ts")).encodeFrame },
  "open-document": { kind: "document", load: async () => (await import("./document/jobs.ts")).openDocument },
  "document-text": { kind: "document", load: async () => (await import("./document/jobs.ts")).documentText },
  "document-image": { kind: "document", load: async () => (await import("./document/jobs.ts")).documentImage },
  "recognize-text": { kind: "perception", load: async () => (await import("./perception/jobs.ts")).recognize },
  "detect-objects": { kind: "perception", load: async () => (await import("./perception/jobs.ts")).detect },
  "look-at-picture": { kind: "perception", load: async () => (await import("./perception/jobs.ts")).look },
});

export type SightlinePool = WorkerPool<typeof jobs.table>;
