/** What `work` gives; rejects with the signal's reason when that fires first, and leaves the work to whoever else waits for it. */
export function unlessCancelled<Value>(work: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal?.reason as Error);
    if (signal?.aborted === true) leave();
    signal?.addEventListener("abort", leave, { once: true });
    work.then(resolve, reject).finally(() => signal?.removeEventListener("abort", leave));
  });
}
