import { isSightlineError, ModelError, SetupError, type SightlineError } from "../errors.ts";

const MEND = "Start the server, or point --base-url (SIGHTLINE_BASE_URL) at one that runs.";

/** The first error code along the chain of causes: fetch hides it under "fetch failed". */
export function errorCode(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string") return at.code;
  }
  return undefined;
}

/** The innermost message: the outer ones say only "fetch failed" or "Connection error." */
function innermost(error: unknown): string {
  let message = String(error);
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++)
    if (at.message !== "") message = at.message;
  return message;
}

/**
 * Why no answer came over the wire from `server` (its base URL), in words for whoever must act. Codes are those of Node's
 * sockets and TLS and of undici.
 */
export function explainConnectionFailure(error: unknown, server: string): SightlineError {
  if (isSightlineError(error)) return error;
  const code = errorCode(error) ?? "";
  if (code === "ECONNREFUSED")
    return new SetupError(`No model server answers at ${server}: the connection was refused.`, { hint: MEND, cause: error });
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return new SetupError(`No model server answers at ${server}: the host name is not known.`, {
      hint: "Check this machine's network connection, and the name in --base-url (SIGHTLINE_BASE_URL).",
      cause: error,
    });
  }
  if (["EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT", "EADDRNOTAVAIL"].includes(code)) {
    return new SetupError(`No model server answers at ${server}: it cannot be reached.`, { hint: MEND, cause: error });
  }
  if (/SSL_WRONG_VERSION|SSL_PACKET_LENGTH/.test(code)) {
    return new SetupError(`${server} does not speak https.`, {
      hint: "Write the base URL with http:// if that is what the server speaks.",
      cause: error,
    });
  }
  if (/CERT|SIGNATURE|ERR_TLS/.test(code)) {
    return new SetupError(`The certificate of ${server} cannot be trusted (${code}).`, {
      hint: "Give Node the authority that signed it: NODE_EXTRA_CA_CERTS=/path/to/ca.pem.",
      cause: error,
    });
  }
  if (code.startsWith("HPE_")) {
    return new SetupError(`What answers at ${server} does not speak HTTP.`, {
      hint: "Check the port, and whether the URL should begin with https://.",
      cause: error,
    });
  }
  if (code === "UND_ERR_HEADERS_TIMEOUT") {
    return new ModelError(`The model server at ${server} took the request and did not begin to answer in time.`, {
      hint: "It may still be loading the model, or be too slow for it on this hardware. Try again, or choose a smaller model.",
      retryable: true,
      cause: error,
    });
  }
  if (code === "UND_ERR_BODY_TIMEOUT") {
    return new ModelError(`The model server at ${server} fell silent in the middle of its answer.`, {
      retryable: true,
      cause: error,
      hint: "Try again; look into the server's log if it stays so.",
    });
  }
  if (code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") {
    return new ModelError(`The model server at ${server} sends without end: ${innermost(error)}.`, {
      cause: error,
      hint: "Check that the base URL is that of a model server's API; look into the server's log.",
    });
  }
  return new ModelError(`The connection to the model server at ${server} was lost: ${innermost(error)}.`, {
    retryable: true,
    cause: error,
    hint: "Try again; look into the server's log if it stays so.",
  });
}
