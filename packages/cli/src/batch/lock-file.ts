import { InputError } from "@sightline/core";
import { open, readFile, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** How often a holder gives a sign of life, in ms, and without how many it is taken for dead where that cannot be seen. */
const SIGN_OF_LIFE_MS = 10_000;
const DEAD_AFTER = 6;

/** Clocks of two machines need not agree: what seems dead on another one is watched for this long, ms, before it is taken for dead. */
const WATCH_MS = 2.5 * SIGN_OF_LIFE_MS;

/** Takes a lock for this process; returns what gives it back. InputError while another process has it; one that has died is no hindrance. */
export async function takeLock(path: string, what: string, watchMs = WATCH_MS): Promise<() => Promise<void>> {
  for (let tries = 2; ; tries -= 1) {
    try {
      const handle = await open(path, "wx");
      await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
      await handle.close();
      const alive = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), SIGN_OF_LIFE_MS).unref();
      return async () => {
        clearInterval(alive);
        await rm(path, { force: true });
      };
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      const holder = await holderOf(path);
      if (tries > 0 && holder !== undefined && isGone(holder) && (await staysSilent(path, holder, watchMs)))
        await rm(path, { force: true });
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
  /** Since its last sign of life, ms. */
  readonly silentMs: number;
  /** When that was, by its own clock: ms since 1970. */
  readonly seenAt: number;
}

async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    const holder = JSON.parse(await readFile(path, "utf8")) as Pick<Holder, "pid" | "host">;
    const seenAt = (await stat(path)).mtimeMs;
    return { ...holder, seenAt, silentMs: Date.now() - seenAt };
  } catch {
    return undefined;
  }
}

function isGone({ pid, host, silentMs }: Holder): boolean {
  // What runs on another machine, or in another container, cannot be seen here.
  if (host !== hostname()) return silentMs > DEAD_AFTER * SIGN_OF_LIFE_MS;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

async function staysSilent(path: string, { host, seenAt }: Holder, watchMs: number): Promise<boolean> {
  if (host === hostname()) return true;
  await sleep(watchMs);
  return (await holderOf(path))?.seenAt === seenAt;
}
