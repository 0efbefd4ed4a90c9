/** How a tool call ended. */
export type CallOutcome = "answered" | "failed" | "cancelled";

/** Told of each call that ended; `seconds` from its arrival to its answer. */
export type CallObserver = (tool: string, outcome: CallOutcome, seconds: number) => void;
