import { InputError } from "@sightline/core";
import { open, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";

/** Takes a lock for this process; returns what gives it back. InputError while another process has it; one that has died is no hindrance. */
export async function takeLock(path: string, what: string): Promise<() => Promise<void>> {
  for (let tries = 2; ; tries -= 1) {
    try {
      const handle = await open(path, "wx");
      await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
      await handle.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      const holder = await holderOf(path);
      if (tries > 0 && holder !== undefined && isGone(holder)) await rm(path, { force: true });
      else {
        throw new InputError(
          `Another batch${holder === undefined ? "" : ` (process ${holder.pid} on ${holder.host})`} is writing to ${what}.`,
          {
            hint: `Wait for it, or name another --out. If no batch is running, remove ${path}.`,
            cause: error,
          },
        );
      }
    }
  }
}

interface Holder {
  readonly pid: number;
  readonly host: string;
}

async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}

function isGone({ pid, host }: Holder): boolean {
  // What runs on another machine cannot be known here.
  if (host !== hostname()) return false;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}
