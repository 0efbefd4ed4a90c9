export { jobsFolder } from "../folders.ts";
export { createJobs } from "./in-process.ts";
export type { JobsOptions } from "./in-process.ts";
