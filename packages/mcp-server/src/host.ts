import type { Host, HostOptions } from "@sightline/local";
import type { Settings } from "@sightline/local/settings";

export type { Host };

export interface LazyHost {
  get(): Promise<Host>;
  /** Ends what was started; a host that nobody asked for is never started. */
  close(): Promise<void>;
}

/** The machine's eyes, loaded by the first call: a server that is never asked to look costs neither time nor memory for it. */
export function lazyHost(settings: Settings, options: HostOptions = {}): LazyHost {
  let host: Promise<Host> | undefined;
  return {
    get() {
      host ??= import("@sightline/local").then(({ createHost }) => createHost(settings, options));
      return host;
    },
    async close() {
      await (await host)?.close();
    },
  };
}
