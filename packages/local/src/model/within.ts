import type { CallOptions, Clock } from "@sightline/core";
import { startDeadline } from "./clock.ts";

/** Thrown by `within`: the time was up first. */
export class TooSlow extends Error {
  override readonly name = "TooSlow";
}

/** Does `work` with a signal that also fires when `ms` are over; then it rejects with TooSlow. Rejects as `work` does otherwise. */
export async function within<Value>(
  ms: number,
  { clock, signal }: { readonly clock: Clock } & CallOptions,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const late = new AbortController();
  const stop = startDeadline(clock, ms, () => late.abort(new TooSlow(`nothing came within ${ms / 1000} s`)));
  try {
    return await work(signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]));
  } catch (error) {
    signal?.throwIfAborted();
    // Whatever the work made of it.
    late.signal.throwIfAborted();
    throw error;
  } finally {
    stop();
  }
}
