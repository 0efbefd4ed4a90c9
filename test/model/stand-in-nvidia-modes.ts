import type { ServerResponse } from "node:http";
import { type Exchange, json, modes } from "./stand-in-modes.ts";

/**
 * How the stand-in for NVIDIA meets a chat request. Bodies are those NVIDIA's hosts sent in 2026, as clients quote them in public; where none is quoted
 * (too large, unknown asset) they are the shape of the API reference with words of ours.
 */
export const chatModes = {
  /** The model server behind the gateway speaks OpenAI's chat completions: by the rule, and in the ways its answers go wrong. */
  ...modes,
  /** Takes the question and never says a word. */
  hold: () => {},
  "server-error": ({ response }) => problem(response, 500, "Internal Server Error", "Inference error"),
  retired: ({ response, model }) =>
    problem(response, 410, "Gone", `The model '${model}' has reached its end of life on 2026-08-26T09:00:00Z and is no longer available.`),
  /** A model that is listed and that this account does not reach. */
  "not-for-account": ({ response }) =>
    problem(response, 404, "Not Found", "Function 'e62b2ed0-ce1c-4ac2-9b2e-2b0e4a4b2c1f': Not found for account 'stand-in'"),
  unauthorized: ({ response }) => problem(response, 401, "Unauthorized", "Authentication failed"),
  forbidden: ({ response }) => problem(response, 403, "Forbidden", "Authorization failed"),
  "no-credit": ({ response }) =>
    problem(response, 402, "Payment Required", "Cloud credits expired. Please contact NVIDIA representatives."),
  "too-many": ({ response }) => problem(response, 429, "Too Many Requests", "Too many requests", { "retry-after": "7200" }),
  /** As FastAPI says it. */
  invalid: ({ response }) =>
    json(response, 422, {
      detail: [{ type: "greater_than", loc: ["body", "top_p"], msg: "Input should be greater than 0", input: 0, ctx: { gt: 0 } }],
    }),
  /** NIM before 1.x: a schema goes into `nvext` there. */
  "no-schema": (exchange) =>
    exchange.body?.response_format === undefined
      ? modes.answer(exchange)
      : json(exchange.response, 422, {
          detail: [{ type: "extra_forbidden", loc: ["body", "response_format"], msg: "Extra inputs are not permitted" }],
        }),
} satisfies Record<string, (exchange: Exchange) => void>;

/** RFC 9457, as NVIDIA's gateway sends it. */
export function problem(
  response: ServerResponse,
  status: number,
  title: string,
  detail: string,
  headers: Record<string, string> = {},
): void {
  json(response, status, { type: "about:blank", status, title, detail }, { "content-type": "application/problem+json", ...headers });
}
