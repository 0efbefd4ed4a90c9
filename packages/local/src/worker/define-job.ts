/** Kinds of work with bounds of their own: see limits.ts. */
export type JobKind = "image" | "document" | "perception";

/** What a worker keeps between jobs: a document that is open. */
export interface Kept {
  /** Frees it. */
  close(): void;
}

export interface JobContext {
  /** To be called when the untrusted bytes are pixels: the deadline of decoding ends, the longer one of the kind begins. */
  decoded(): void;
  /** Tells the caller, in plain words, what is being done. */
  progress(message: string): void;
  /** What the job's session keeps in this worker, opened from the session's `start` by its first job here. Only for jobs that are run with a session. */
  kept<State extends Kept>(open: (start: unknown) => Promise<State>): Promise<State>;
  /** Says that code loaded here is broken for good (WebAssembly that trapped): the worker is ended after this job. */
  wornOut(): void;
}

export type JobRun<Input, Output> = (input: Input, job: JobContext) => Promise<Output>;

export interface Job<Input, Output> {
  readonly kind: JobKind;
  /** Loads the code on the worker's side only, when the job is first asked for. */
  load(): Promise<JobRun<Input, Output>>;
}

// Inputs and outputs differ from job to job; only the table as a whole knows them.
// oxlint-disable-next-line typescript/no-explicit-any
export type JobTable = Readonly<Record<string, Job<any, any>>>;

export type JobInput<Table extends JobTable, Name extends keyof Table> = Table[Name] extends Job<infer Input, infer _> ? Input : never;
export type JobOutput<Table extends JobTable, Name extends keyof Table> = Table[Name] extends Job<infer _, infer Output> ? Output : never;

/** A table of jobs and the module that exports it under the name `jobs`, where the worker finds it again. */
export interface JobModule<Table extends JobTable> {
  readonly module: string;
  readonly table: Table;
}

/** Gives a table its types. `module` is the `import.meta.url` of the file that exports the result as `jobs`. */
export function defineJobs<Table extends JobTable>(module: string, table: Table): JobModule<Table> {
  return { module, table };
}
