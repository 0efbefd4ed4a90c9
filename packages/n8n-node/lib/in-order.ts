/**
 * Runs `work` for each of 0 to `count` - 1, at most `limit` at a time, and returns the results in that order. The first failure stops what was not begun
 * and rejects once what was begun has ended; `stop` is called at once, so that it can be cut short.
 */
export async function inOrder<Result>(
  count: number,
  limit: number,
  work: (index: number) => Promise<Result>,
  stop: (reason: unknown) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const failures: unknown[] = [];

  async function worker(): Promise<void> {
    while (next < count && failures.length === 0) {
      const index = next++;
      try {
        results[index] = await work(index);
      } catch (error) {
        // What ends because of the first failure is no news.
        if (failures.push(error) === 1) stop(error);
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(count, Math.max(1, limit)) }, worker));
  if (failures.length > 0) throw failures[0] as Error;
  return results;
}
