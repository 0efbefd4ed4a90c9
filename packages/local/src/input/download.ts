import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { InputError } from "@sightline/core";
import { guardedConnector, guardedLookup } from "./guarded-connector.ts";
import { tooBig } from "./paths.ts";

/**
 * The picture download: only https, only public addresses, checked on the name's addresses and on addresses written
 * out, for every redirect anew. It goes straight to the server: proxies from the environment are not used, because
 * behind one the guard could not see where the request ends up.
 */
export interface DownloadPolicy {
  readonly maxBytes: number;
  readonly maxRedirects: number;
  /** Until the answer's headers are there, in milliseconds, for each redirect. */
  readonly headersTimeout: number;
  /** Longest silence in the middle of the answer, in milliseconds. */
  readonly stallTimeout: number;
  /** The whole download with its redirects, in milliseconds. */
  readonly totalTimeout: number;
  /** Whether an IP address may be spoken to. */
  readonly mayConnect: (address: string) => boolean;
  readonly lookup: LookupFunction;
  /** PEM certificates to trust instead of the platform's. */
  readonly ca?: string | undefined;
}

export interface Download {
  readonly bytes: Uint8Array;
  /** Where it came from in the end, without the query, which can carry secrets. */
  readonly name: string;
}

/** Every answer, also to a server that trickles bytes forever, is due within 10 s. */
const DEFAULTS = {
  maxBytes: 50_000_000,
  maxRedirects: 5,
  headersTimeout: 6_000,
  stallTimeout: 5_000,
  totalTimeout: 9_000,
};

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** An address the guard refused. Carried through undici as the connection's error. */
class RefusedAddress extends Error {
  override readonly name = "RefusedAddress";
}

const shown = (url: URL): string => `${url.origin}${url.pathname}`;

/** The URL when it may be fetched at all. InputError for http, credentials, or nonsense. */
function checkedUrl(text: string, base?: URL): URL {
  let url: URL;
  try {
    url = new URL(text, base);
  } catch {
    throw new InputError(`"${text.slice(0, 200)}" is not a URL.`, { hint: "Give the full https:// address of the picture." });
  }
  if (url.protocol !== "https:") {
    const how =
      base === undefined ? `${shown(url)} is not https` : `${shown(base)} redirects to ${url.protocol}//${url.host}, which is not https`;
    throw new InputError(`${how}; pictures are fetched over https:// only.`, {
      hint: "Use the picture's https:// address, or save it as a file and give its path.",
    });
  }
  if (url.username !== "" || url.password !== "") {
    throw new InputError(`The URL at ${url.host} carries a user name or password, which is not accepted.`, {
      hint: "Save the picture as a file and give its path.",
    });
  }
  return url;
}

function refused(host: string): RefusedAddress {
  return new RefusedAddress(`${host} is not a public internet address`);
}

/** The words for a failed connection or answer, by the platform's error code. */
function inWords(error: unknown, url: URL, policy: DownloadPolicy): InputError {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof RefusedAddress) {
      return new InputError(
        `${shown(url)} is refused: ${cause.message}. Addresses of this machine and of private networks are never fetched.`,
        {
          hint: "Save the picture as a file in an allowed folder and give its path.",
        },
      );
    }
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const save = "Check the address, or save the picture as a file and give its path. Pictures are fetched directly, never through a proxy.";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return new InputError(`The host ${url.hostname} was not found.`, { hint: save, cause: error });
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_CONNECT_TIMEOUT") {
    return new InputError(`${shown(url)} did not answer within ${policy.headersTimeout / 1000} s.`, { hint: save, cause: error });
  }
  if (code === "UND_ERR_BODY_TIMEOUT") return new InputError(`${shown(url)} stopped sending in the middle.`, { hint: save, cause: error });
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY|EPROTO/.test(code)) {
    return new InputError(`${url.host} has no valid certificate (${code}).`, { hint: save, cause: error });
  }
  const why = code !== "" ? code : error instanceof Error ? error.message : String(error);
  return new InputError(`${shown(url)} could not be fetched (${why}).`, { hint: save, cause: error });
}

/**
 * Fetches `address` within the bounds of the policy. What the answer calls itself is not looked at: bytes tell.
 * InputError when it is refused, fails, or goes over a bound; the signal's reason when that fires.
 */
export async function download(
  address: string,
  options: { readonly signal?: AbortSignal | undefined; readonly policy?: Partial<DownloadPolicy> | undefined } = {},
): Promise<Download> {
  let url = checkedUrl(address);
  const [{ Agent, buildConnector, request }, { isPublicAddress }] = await Promise.all([import("undici"), import("./public-address.ts")]);
  const policy: DownloadPolicy = {
    ...DEFAULTS,
    mayConnect: isPublicAddress,
    lookup: systemLookup,
    ...options.policy,
  };
  const guard = { ...policy, refuse: refused };
  const connect = buildConnector({
    lookup: guardedLookup(guard),
    timeout: policy.headersTimeout,
    ...(policy.ca === undefined ? {} : { ca: policy.ca }),
  });
  const agent = new Agent({
    headersTimeout: policy.headersTimeout,
    bodyTimeout: policy.stallTimeout,
    connect: guardedConnector(guard, connect),
  });
  // Not AbortSignal.any with AbortSignal.timeout: Node 20 can collect the pair as garbage, and it never fires.
  const ending = new AbortController();
  const { signal } = ending;
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    ending.abort();
  }, policy.totalTimeout);
  const leave = (): void => ending.abort(options.signal?.reason);
  options.signal?.addEventListener("abort", leave, { once: true });
  try {
    options.signal?.throwIfAborted();
    for (let redirects = 0; ; redirects++) {
      const { statusCode, headers, body } = await request(url, {
        dispatcher: agent,
        signal,
        headers: { accept: "image/*,*/*;q=0.5", "accept-encoding": "identity", "user-agent": "sightline (picture download)" },
      });
      if (REDIRECTS.has(statusCode)) {
        const location = headers["location"];
        body.on("error", () => {}).destroy();
        if (typeof location !== "string") throw new InputError(`${shown(url)} redirects to nowhere (${statusCode} without a location).`);
        if (redirects >= policy.maxRedirects)
          throw new InputError(`${shown(url)} redirects more than ${policy.maxRedirects} times.`, {
            hint: "Give the picture's own address.",
          });
        url = checkedUrl(location, url);
        continue;
      }
      if (statusCode !== 200) {
        body.on("error", () => {}).destroy();
        throw new InputError(`${shown(url)} answered ${statusCode}, not with a picture.`, {
          hint: "Check the address; it must open without logging in.",
        });
      }
      const announced = Number(headers["content-length"]);
      if (announced > policy.maxBytes) throw tooBig(shown(url), announced, policy.maxBytes);
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        size += chunk.length;
        if (size > policy.maxBytes)
          throw new InputError(`${shown(url)} sends more than ${policy.maxBytes / 1e6} MB; that is where reading stops.`, {
            hint: "Give a smaller version of it.",
          });
        chunks.push(chunk);
      }
      if (size === 0) throw new InputError(`${shown(url)} sent nothing (0 bytes).`);
      return { bytes: Buffer.concat(chunks, size), name: shown(url) };
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof InputError) throw error;
    if (late) {
      throw new InputError(`${shown(url)} was not complete after ${policy.totalTimeout / 1000} s.`, {
        hint: "Save the picture as a file and give its path.",
      });
    }
    throw inWords(error, url, policy);
  } finally {
    clearTimeout(deadline);
    options.signal?.removeEventListener("abort", leave);
    // Nothing of a refused or endless answer may linger.
    await agent.destroy();
  }
}
