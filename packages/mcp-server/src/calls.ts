/** How a tool call ended; `continued` as a job. */
export type CallOutcome = "answered" | "continued" | "failed" | "cancelled";

/** Told of each call that ended; `seconds` from its arrival to its answer. */
export type CallObserver = (tool: string, outcome: CallOutcome, seconds: number) => void;
