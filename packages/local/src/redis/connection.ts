import { SetupError } from "@sightline/core";
import { Redis } from "ioredis";

/** One process's way to a Redis. Lost connections are made anew for as long as it takes; commands wait meanwhile. */
export interface RedisConnection {
  readonly client: Redis;
  /** Host, port and database, without name or password. */
  readonly address: string;
  /** False while the connection is lost. */
  readonly connected: boolean;
  close(): Promise<void>;
}

/** How long a Redis may take to answer for the first time, ms: it may be starting beside us, and loads its append-only file. */
const FIRST_ANSWER_MS = 15_000;

/** The longest between two tries to connect, ms. */
const LONGEST_RETRY_MS = 2_000;

/** What Redis says where asking again is of no use. */
const REFUSED = /^(?:NOAUTH|WRONGPASS|NOPERM|ERR (?:invalid password|AUTH|DB index))/;

/** Beyond this much of its memory Redis must refuse, and not forget: jobs are in it. */
const KEEPS_ALL = "noeviction";

/** Connects. SetupError when nothing answers there in time, or it lets us not in. `log` is told when the connection is lost and found again. */
export async function connectRedis(url: string, log: (words: string) => void, firstAnswerMs = FIRST_ANSWER_MS): Promise<RedisConnection> {
  const address = addressOf(url);
  const client = new Redis(url, {
    lazyConnect: true,
    // What BullMQ asks for: a command waits for the connection instead of failing.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), LONGEST_RETRY_MS),
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
    connectionName: "sightline",
  });
  await firstAnswer(client, address, firstAnswerMs);
  let connected = true;
  client.on("close", () => {
    if (connected && client.status !== "end") log(`The connection to Redis at ${address} was lost: waiting for it to come back.`);
    connected = false;
  });
  client.on("ready", () => {
    connected = true;
    log(`Redis at ${address} is back.`);
  });
  // Each is told once, by "close".
  client.on("error", () => {});
  const forgetful = await forgets(client);
  if (forgetful !== undefined) {
    log(`Redis at ${address} may forget jobs when its memory is full (maxmemory-policy ${forgetful}): set maxmemory-policy ${KEEPS_ALL}.`);
  }
  return {
    client,
    address,
    get connected() {
      return connected;
    },
    async close() {
      connected = false;
      // A Redis that is away would be waited for.
      if (client.status === "ready") await client.quit().catch(() => client.disconnect());
      else client.disconnect();
    },
  };
}

/** The address as it may be shown. */
export function addressOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  const database = pathname.length > 1 && pathname !== "/0" ? pathname : "";
  return `${hostname}:${port === "" ? "6379" : port}${database}`;
}

async function firstAnswer(client: Redis, address: string, ms: number): Promise<void> {
  let last = "no answer";
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      client.once("ready", resolve);
      client.on("error", (error: Error & { code?: string }) => {
        last = error.code ?? error.message;
        if (REFUSED.test(error.message)) reject(error);
      });
      timer = setTimeout(() => reject(new Error(last)), ms);
      // What the first try comes to, the events above tell.
      client.connect().catch(() => {});
    });
  } catch (error) {
    client.disconnect();
    const refused = error instanceof Error && REFUSED.test(error.message);
    throw new SetupError(
      refused
        ? `Redis at ${address} does not let us in (${error.message.split(" ")[0] ?? ""}).`
        : `No Redis answers at ${address} (${last}).`,
      {
        hint: refused
          ? "Correct the user name and password in SIGHTLINE_REDIS: redis://NAME:PASSWORD@HOST:PORT."
          : "Start Redis there (redis-server --appendonly yes), correct --redis (SIGHTLINE_REDIS), or leave it out to work on this machine alone.",
        cause: error,
      },
    );
  } finally {
    clearTimeout(timer);
    client.removeAllListeners();
  }
}

/** The policy by which it removes what nobody asked it to; undefined where it keeps all, or does not say. */
async function forgets(client: Redis): Promise<string | undefined> {
  const answer = await client.config("GET", "maxmemory-policy").catch(() => undefined);
  const policy = Array.isArray(answer) ? String(answer[1]) : undefined;
  return policy === KEEPS_ALL ? undefined : policy;
}
