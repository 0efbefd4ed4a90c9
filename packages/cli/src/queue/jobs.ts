import { SetupError, tasks } from "@sightline/core";
import type { DeadLetter, Host } from "@sightline/local";
import { queueWords } from "@sightline/local/status";
import { inOneLine } from "../batch/report.ts";

/** Dead letters that are shown. */
const SHOWN = 100;

/** What lies in the batches' queue, and what came to nothing; with `retry` that is put into the queue again. SetupError without a Redis. */
export async function showJobs(host: Host, { retry, json }: { readonly retry: boolean; readonly json: boolean }): Promise<string> {
  const shared = await host.shared();
  if (shared === undefined)
    throw new SetupError("Jobs are in Redis, and none is set.", { hint: "--redis redis://HOST:PORT (SIGHTLINE_REDIS)" });
  const jobs = shared.jobs({ queue: "batch" });
  try {
    const retried = retry ? await jobs.dead.retry() : 0;
    const [counts, failed] = [await jobs.counts(), await jobs.dead.read(SHOWN)];
    if (json) return JSON.stringify({ ...(retry ? { retried } : {}), counts, failed });
    return [
      ...(retry ? [`Retried: ${retried}`] : []),
      `Batch: ${queueWords(counts)}`,
      ...failed.map(deadLetter),
      ...(counts.failed > failed.length ? [`… and ${counts.failed - failed.length} more.`] : []),
      ...(failed.length > 0 ? ["`sightline jobs --retry` puts them into the queue again."] : []),
    ].join("\n");
  } finally {
    await jobs.close();
  }
}

function deadLetter({ failedAt, task, input, reason, attempts }: DeadLetter): string {
  const files = Object.keys(tasks.find(({ name }) => name === task)?.files ?? {}).flatMap((field) => [input[field]].flat());
  return inOneLine(`  ${failedAt} ${task} ${files.join(" ").slice(0, 200)} (${attempts} tries): ${reason}`);
}
