import type { Command } from "commander";

export type QueueRequest = { readonly kind: "worker" } | { readonly kind: "jobs"; readonly retry: boolean };

/** `sightline worker` and `sightline jobs`: what there is to do with `--redis` besides batches. */
export function addQueueCommands(program: Command, onParsed: (request: QueueRequest) => void): void {
  program
    .command("worker")
    .summary("Takes files of batches from Redis, beside any number of others on any machine")
    .description(
      "Does the files of `sightline batch … --redis URL`, several at a time, until it is told to end. Workers read the files where the batch says they lie: " +
        "a folder that all machines share, mounted under the same path and allowed with --allow. What a worker that dies has begun, another does; what fails for want of a " +
        "server is tried four times. Model and reading settings must be those of the batch.",
    )
    .addHelpText(
      "after",
      "\nExample:\n  $ sightline worker --redis redis://queue:6379 --allow /mnt/invoices --concurrency 4 --rate-limit 40/min",
    )
    .action(() => onParsed({ kind: "worker" }));

  program
    .command("jobs")
    .summary("What lies in Redis for workers, and what came to nothing")
    .description(
      "Shows how many files of batches wait, are read, and came to nothing though they were tried several times, and why. Those are kept for a week.",
    )
    .option("--retry", "put what came to nothing into the queue again; the batch's own command then takes the results over")
    .action(({ retry }: { retry?: true }) => onParsed({ kind: "jobs", retry: retry === true }));
}
