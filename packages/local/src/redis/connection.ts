import { SetupError } from "@sightline/core";
import { Redis } from "ioredis";
import { plainError } from "./plain-errors.ts";

/** One process's way to a Redis. Lost connections are made anew for as long as it takes; commands wait meanwhile. */
export interface RedisConnection {
  readonly client: Redis;
  /** Host, port and database, without name or password. */
  readonly address: string;
  /** False while the connection is lost. */
  readonly connected: boolean;
  /** For BullMQ, true where it may not ask Redis about itself, or would print again and again what was told once. */
  readonly skipVersionCheck: boolean;
  close(): Promise<void>;
}

/** How long a Redis may take to answer for the first time, ms: it may be starting beside us, and loads its append-only file. */
const FIRST_ANSWER_MS = 15_000;

/** The longest between two tries to connect, ms. */
const LONGEST_RETRY_MS = 2_000;

/** A Redis that says nothing for so long, ms, while it is asked, has gone without taking its leave: a machine that lost its power. Its longest own wait is 10 s. */
const SILENT_MS = 30_000;

/** What Redis says where asking again is of no use. */
const REFUSED = /^(?:NOAUTH|WRONGPASS|NOPERM|ERR (?:invalid password|AUTH|DB index))/;

/** What TLS says of a certificate that it does not trust, by the error's code. */
const UNTRUSTED = /CERT|ISSUER|SIGNATURE/;

/** BullMQ's scripts need this one at least. */
const OLDEST_MAJOR = 5;

/** Beyond this much of its memory Redis must refuse, and not forget: jobs are in it. */
const KEEPS_ALL = "noeviction";

/** Connects. SetupError when nothing answers there in time, it lets us not in, or cannot be worked with. `log` is told when the connection is lost and found again. */
export async function connectRedis(url: string, log: (words: string) => void, firstAnswerMs = FIRST_ANSWER_MS): Promise<RedisConnection> {
  const address = addressOf(url);
  const client = new Redis(url, {
    lazyConnect: true,
    // What BullMQ asks for: a command waits for the connection instead of failing.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), LONGEST_RETRY_MS),
    // After a failover the same name may lead to the new primary.
    reconnectOnError: (error) => connected && error.message.startsWith("READONLY"),
    socketTimeout: SILENT_MS,
    connectionName: "sightline",
  });
  let connected = false;
  // Each is told once, by "close" or by what failed.
  client.on("error", () => {});
  await firstAnswer(client, address, firstAnswerMs);
  const { version } = await mustServe(client, address);
  connected = true;
  client.on("close", () => {
    if (connected && client.status !== "end") log(`The connection to Redis at ${address} was lost: waiting for it to come back.`);
    connected = false;
  });
  client.on("ready", () => {
    connected = true;
    log(`Redis at ${address} is back.`);
  });
  const forgetful = await forgets(client);
  if (forgetful !== undefined) {
    log(`Redis at ${address} may forget jobs when its memory is full (maxmemory-policy ${forgetful}): set maxmemory-policy ${KEEPS_ALL}.`);
  }
  return {
    client,
    address,
    skipVersionCheck: version === undefined || forgetful !== undefined,
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
  let onError: ((error: Error & { code?: string }) => void) | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      client.once("ready", resolve);
      onError = (error) => {
        last = error.code ?? error.message;
        if (REFUSED.test(error.message) || UNTRUSTED.test(error.code ?? "")) reject(error);
      };
      client.on("error", onError);
      timer = setTimeout(() => reject(new Error(last)), ms);
      // What the first try comes to, the events above tell.
      client.connect().catch(() => {});
    });
  } catch (error) {
    client.disconnect();
    throw notConnected(error as Error, address, last);
  } finally {
    clearTimeout(timer);
    if (onError !== undefined) client.off("error", onError);
  }
}

function notConnected(error: Error, address: string, last: string): SetupError {
  if (REFUSED.test(error.message)) {
    return new SetupError(`Redis at ${address} does not let us in (${error.message}).`, {
      hint: "Correct the user name, password and database in SIGHTLINE_REDIS: redis://NAME:PASSWORD@HOST:PORT/DATABASE.",
      cause: error,
    });
  }
  if (UNTRUSTED.test(last)) {
    return new SetupError(`The certificate of Redis at ${address} is not trusted (${last}).`, {
      hint: "Name the file with its authority's certificate in NODE_EXTRA_CA_CERTS, and the host as the certificate has it.",
      cause: error,
    });
  }
  return new SetupError(`No Redis answers at ${address} (${last}).`, {
    hint: "Start Redis there (redis-server --appendonly yes), correct --redis (SIGHTLINE_REDIS; rediss:// where it speaks TLS), or leave it out to work on this machine alone.",
    cause: error,
  });
}

/** SetupError where it is too old, or takes no writes of ours: that would be found out job by job. Its version is undefined where this user may not ask. */
async function mustServe(client: Redis, address: string): Promise<{ readonly version: string | undefined }> {
  try {
    const version = /redis_version:(\S+)/.exec(await client.info("server").catch(() => ""))?.[1];
    if (version !== undefined && Number.parseInt(version) < OLDEST_MAJOR)
      throw new SetupError(`Redis at ${address} is of version ${version}.`, { hint: `It takes Redis ${OLDEST_MAJOR} or newer.` });
    // One that is full may have room again: until then whoever adds to it is told.
    await client.eval('return redis.call("SET", KEYS[1], "", "PX", 1000)', 1, "sightline:probe").catch((error: unknown) => {
      if (!(error instanceof Error && error.message.startsWith("OOM"))) throw error;
    });
    return { version };
  } catch (error) {
    client.disconnect();
    throw plainError(error, address);
  }
}

/** The policy by which it removes what nobody asked it to; undefined where it keeps all, or does not say. */
async function forgets(client: Redis): Promise<string | undefined> {
  const answer = await client.config("GET", "maxmemory-policy").catch(() => undefined);
  const policy = Array.isArray(answer) ? String(answer[1]) : undefined;
  return policy === KEEPS_ALL ? undefined : policy;
}
