export { jobsFolder } from "../folders.ts";
export { soon } from "../soon.ts";
export { unlessCancelled } from "../unless-cancelled.ts";
export { createJobs } from "./in-process.ts";
export type { JobsOptions } from "./in-process.ts";
