import { listenAddress } from "@sightline/local/settings";
import { type Command, InvalidArgumentError } from "commander";

export interface Address {
  readonly host: string;
  readonly port: number;
}

export type QueueRequest =
  | { readonly kind: "worker"; readonly metrics: Address | undefined }
  | { readonly kind: "jobs"; readonly retry: boolean };

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
    .option("--metrics <[host:]port>", "serves /metrics there, for Prometheus, and /healthz; they hold no word of any document", toAddress)
    .action(({ metrics }: { metrics?: Address }) => onParsed({ kind: "worker", metrics }));

  program
    .command("jobs")
    .summary("What lies in Redis for workers, and what came to nothing")
    .description(
      "Shows how many files of batches wait, are read, and came to nothing though they were tried several times, and why. Those are kept for a week.",
    )
    .option("--retry", "put what came to nothing into the queue again; the batch's own command then takes the results over")
    .action(({ retry }: { retry?: true }) => onParsed({ kind: "jobs", retry: retry === true }));
}

function toAddress(text: string): Address {
  const { data } = listenAddress.safeParse(text);
  if (data === undefined) throw new InvalidArgumentError("It is a port, or HOST:PORT such as 127.0.0.1:9464.");
  return data;
}
