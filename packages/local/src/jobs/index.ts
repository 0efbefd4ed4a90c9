export { jobsFolder } from "../folders.ts";
export { createJobs } from "./in-process.ts";
export type { JobCall, JobsOptions } from "./in-process.ts";
