import type { Tool } from "@modelcontextprotocol/client";
import type { Result } from "../call/result.ts";
import type { Json } from "../view/json.ts";
import type { PickedFile } from "./picked-file.ts";

/** A call that was answered, with all that tells how. */
export interface FinishedCall {
  /** Another for every call. */
  readonly id: number;
  readonly tool: Tool;
  readonly input: Json;
  readonly files: readonly PickedFile[];
  /** The files as the server knows them. */
  readonly references: readonly string[];
  readonly result: Result;
  /** From the click to the answer. */
  readonly seconds: number;
}
