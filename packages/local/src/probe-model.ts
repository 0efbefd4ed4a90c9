import { explainConnectionFailure, type ModelTransport } from "@sightline/core";
import * as z from "zod";

/** What is wrong with a model server, and what mends it. */
export interface ModelProblem {
  readonly problem: string;
  readonly mend: string;
}

const listSchema = z.object({ data: z.array(z.object({ id: z.string() })) });

/** A status is looked at by someone who waits. */
const PATIENCE = 3_000;

/**
 * Asks a server for its list of models (`GET /models`). Undefined when it answers and has the model, or has no such
 * list: whether a model works, only a question shows.
 */
export async function probeModel(
  {
    baseUrl,
    apiKey,
    model,
    transport,
  }: {
    readonly baseUrl: string;
    readonly apiKey?: string | undefined;
    readonly model: string | undefined;
    readonly transport: ModelTransport;
  },
  signal?: AbortSignal,
): Promise<ModelProblem | undefined> {
  const deadline = AbortSignal.timeout(PATIENCE);
  let response: Response;
  let body: unknown;
  try {
    response = await transport(`${baseUrl}/models`, {
      headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    });
    body = await response.json().catch(() => undefined);
  } catch (error) {
    signal?.throwIfAborted();
    if (deadline.aborted)
      return {
        problem: `${baseUrl} did not answer within ${PATIENCE / 1000} s`,
        mend: "Look whether the server is still loading its model.",
      };
    const { message, hint } = explainConnectionFailure(error, baseUrl);
    return { problem: message.replace(/\.$/, ""), mend: hint ?? "Check --base-url (SIGHTLINE_BASE_URL)." };
  }
  if (response.status === 401 || response.status === 403) {
    return {
      problem: `${baseUrl} refuses ${apiKey === undefined ? "requests without an API key" : "the API key"}`,
      mend: "Set SIGHTLINE_API_KEY to a key of that server.",
    };
  }
  if (response.status >= 500) return { problem: `${baseUrl} answers ${response.status}`, mend: "Look into the server's log." };
  const list = listSchema.safeParse(body);
  if (!list.success) return undefined;
  const ids = list.data.data.map(({ id }) => id);
  // Ollama lists "gemma4:latest" and answers to "gemma4".
  if (ids.length === 0 || (model !== undefined && (ids.includes(model) || ids.includes(`${model}:latest`)))) return undefined;
  const some = `${ids.slice(0, 20).join(", ")}${ids.length > 20 ? `, and ${ids.length - 20} more` : ""}`;
  return {
    problem: model === undefined ? `no model is chosen` : `${baseUrl} has no model ${model}`,
    mend: `Set --model (SIGHTLINE_MODEL) to one that sees: ${some}.`,
  };
}
