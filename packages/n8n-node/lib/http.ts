import type {
  IAllExecuteFunctions,
  ICredentialDataDecryptedObject,
  IExecuteFunctions,
  IHttpRequestMethods,
  IHttpRequestOptions,
  ILoadOptionsFunctions,
} from "n8n-workflow";
import { type Clock, ModelError, withRetries } from "../bridge/core.ts";
import { asBuffer } from "./as-buffer.ts";

/** Requests over n8n's own HTTP helper, so that its proxies, certificates and rules hold: the answer as it is, whatever its status. */

export type HttpContext = Pick<IExecuteFunctions | ILoadOptionsFunctions, "helpers" | "getCredentials" | "getNode" | "logger">;

export interface HttpRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpOptions {
  /** The credential whose key goes along; none: no key does. */
  readonly credential?: string | undefined;
  /** True for what is but fetched. Default: neither key nor picture follows one. */
  readonly followsRedirects?: boolean;
  /** How long one try may take, in ms, its answer included. */
  readonly timeoutMs: number;
  /** Further tries after the first, for what can pass. */
  readonly retries: number;
  readonly clock: Clock;
  readonly onWait?: ((message: string) => void) | undefined;
}

/** A field of a credential, as text. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}

interface FullResponse {
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly statusCode: number;
}

/** How axios, under n8n's helper, says that `timeout` has passed. */
const TIMED_OUT: ReadonlySet<string> = new Set(["ECONNABORTED", "ETIMEDOUT"]);

/** The longest wait that a server's Retry-After is obeyed, in ms; what asks for more is handed back. */
const LONGEST_RETRY_AFTER_MS = 120_000;

/** A body that the standard forbids to set. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * One request and its further tries. Resolves for every HTTP status. ModelError when no answer came in time; otherwise rejects with the error that says
 * why the connection failed (`code` somewhere along its causes), or with the signal's reason.
 */
export async function request(context: HttpContext, wanted: HttpRequest, options: HttpOptions): Promise<Response> {
  const { signal } = wanted;
  const { clock, retries, timeoutMs, onWait } = options;
  signal?.throwIfAborted();
  return withRetries(() => once(context, wanted, options), {
    server: new URL(wanted.url).origin,
    clock,
    signal,
    retries,
    longestRetryAfterMs: LONGEST_RETRY_AFTER_MS,
    loadingMs: timeoutMs,
    epochMs: Date.now,
    codeOf,
    onWait,
  });
}

async function once(context: HttpContext, wanted: HttpRequest, options: HttpOptions): Promise<Response> {
  try {
    return await answered(context, wanted, options);
  } catch (error) {
    wanted.signal?.throwIfAborted();
    if (!TIMED_OUT.has(codeOf(error)) || !/timeout of/i.test(messages(error))) throw error;
    throw new ModelError(`${new URL(wanted.url).origin} gave no answer within ${options.timeoutMs / 1000} s.`, {
      retryable: true,
      hint: "Raise the option Timeout, or choose a smaller model.",
    });
  }
}

async function answered(
  context: HttpContext,
  wanted: HttpRequest,
  { credential, timeoutMs, followsRedirects = false }: HttpOptions,
): Promise<Response> {
  const { url, method = "GET", headers = {}, body, signal } = wanted;
  const options: IHttpRequestOptions = {
    url,
    method: method as IHttpRequestMethods,
    headers: { ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : asBuffer(body) }),
    encoding: "arraybuffer",
    returnFullResponse: true,
    ignoreHttpStatusErrors: true,
    disableFollowRedirect: !followsRedirects,
    timeout: timeoutMs,
    ...(signal === undefined ? {} : { abortSignal: signal }),
  };
  const answer = (
    credential === undefined
      ? await context.helpers.httpRequest(options)
      : await context.helpers.httpRequestWithAuthentication.call(withoutCancelSignal(context), credential, options)
  ) as FullResponse;
  return new Response(BODILESS.has(answer.statusCode) ? null : bytesOf(answer.body), {
    status: answer.statusCode,
    headers: Object.entries(answer.headers).flatMap(([name, value]) => [value ?? []].flat().map((each): [string, string] => [name, each])),
  });
}

/**
 * n8n's helper puts the execution's cancel signal in place of the request's own where it finds one, and a picture that was uploaded has to be deleted after a
 * cancel too. What it needs besides is here.
 */
function withoutCancelSignal(context: HttpContext): IAllExecuteFunctions {
  return {
    helpers: context.helpers,
    logger: context.logger,
    getNode: () => context.getNode(),
    getCredentials: (type: string) => credentialsOnce(context, type),
  } as unknown as IAllExecuteFunctions;
}

/** An execution's credentials by their type. n8n would read them from its database and decrypt them anew for every request of every item. */
const credentialsRead = new WeakMap<HttpContext, Map<string, Promise<ICredentialDataDecryptedObject>>>();

function credentialsOnce(context: HttpContext, type: string): Promise<ICredentialDataDecryptedObject> {
  const read = credentialsRead.get(context) ?? new Map<string, Promise<ICredentialDataDecryptedObject>>();
  credentialsRead.set(context, read);
  const credentials = read.get(type) ?? context.getCredentials(type);
  read.set(type, credentials);
  return credentials;
}

function bytesOf(body: unknown): Uint8Array<ArrayBuffer> | string {
  if (body instanceof Uint8Array) return body as Uint8Array<ArrayBuffer>;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  return typeof body === "string" ? body : JSON.stringify(body ?? "");
}

/** n8n wraps what axios threw, which wraps what the socket said. */
function* chain(error: unknown): Generator<Error> {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) yield at;
}

/** The first error code along the chain of causes. */
function codeOf(error: unknown): string {
  for (const each of chain(error)) {
    if ("code" in each && typeof each.code === "string") return each.code;
  }
  return "";
}

function messages(error: unknown): string {
  return [...chain(error)].map((each) => each.message).join(" ");
}
