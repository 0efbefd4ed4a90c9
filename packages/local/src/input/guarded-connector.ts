import { lookup as systemLookup, type LookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import type { buildConnector } from "undici";

export interface ConnectionGuard {
  /** Whether an IP address may be spoken to. */
  readonly mayConnect: (address: string) => boolean;
  /** The error for a host that has no address that may. */
  readonly refuse: (host: string) => Error;
  /** Default: the system's. */
  readonly lookup?: LookupFunction;
}

/** Asks `lookup`, and hands on only the addresses that may be spoken to: what was checked is what is connected to. */
export function guardedLookup({ mayConnect, refuse, lookup = systemLookup }: ConnectionGuard): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const all: LookupAddress[] = Array.isArray(found) ? found : [];
      const open = all.filter(({ address }) => mayConnect(address));
      const [first] = open;
      if (first === undefined) return callback(refuse(hostname), []);
      if (options.all === true) return callback(null, open);
      callback(null, first.address, first.family);
    });
  };
}

/** `connect`, held to the guard where the address is written out: then it is connected to without any lookup. */
export function guardedConnector(guard: ConnectionGuard, connect: buildConnector.connector): buildConnector.connector {
  return (target, callback) => {
    const host = target.hostname.replace(/^\[|\]$/g, "");
    if (isIP(host) !== 0 && !guard.mayConnect(host)) callback(guard.refuse(host), null);
    else connect(target, callback);
  };
}
