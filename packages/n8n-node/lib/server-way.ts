import type { IExecuteFunctions } from "n8n-workflow";
import { canPass, InputError, isSightlineError, ModelError, SetupError } from "../bridge/core.ts";
import { n8nClock } from "./clock.ts";
import { asText, request } from "./http.ts";
import { type CallResult, callResult, reported, type ReportedError, rpcMessage } from "./mcp.ts";
import { renamed, savedPictures } from "./saved-pictures.ts";
import { SERVER_COMMAND } from "./server-command.ts";
import type { Answer, AnswerPicture, Call, ItemFile, Way } from "./way.ts";

/** Sightline's MCP server over HTTP: a file is uploaded once, a call is one POST, and work that takes longer is asked after. */

const SERVER_CREDENTIAL = "sightlineServerApi";

/** Items at a time where the user does not say: the server's workers are few. */
const CONCURRENCY = 4;

/** Further tries of a request. */
const RETRIES = 3;

/** How long the server may hold an answer back while a job goes on, in s; it takes up to 45. */
const JOB_WAIT = 30;

/** How long it may take to clean up, in ms. */
const CLEAN_UP_MS = 5_000;

export interface ServerWayOptions {
  /** How long one call may take, jobs included. */
  readonly timeoutMs: number;
}

/** SetupError when the credential leads to no server. */
export async function openServerWay(context: IExecuteFunctions, { timeoutMs }: ServerWayOptions): Promise<Way> {
  const { baseUrl } = await context.getCredentials(SERVER_CREDENTIAL);
  const server = asText(baseUrl).replace(/\/+(?:mcp)?\/*$/, "");
  if (!/^https?:\/\//i.test(server) || !URL.canParse(server)) {
    throw new SetupError("The credential's Base URL is no address.", {
      hint: "It is that of the Sightline server, for example http://127.0.0.1:8420.",
    });
  }

  async function send(wanted: Parameters<typeof request>[1], tryMs = timeoutMs, retries = RETRIES): Promise<Response> {
    try {
      return await request(context, wanted, { credential: SERVER_CREDENTIAL, timeoutMs: tryMs, retries, clock: n8nClock });
    } catch (error) {
      wanted.signal?.throwIfAborted();
      throw unreachable(error, server);
    }
  }

  async function call(name: string, args: object, signal: AbortSignal | undefined, tryMs = timeoutMs): Promise<CallResult> {
    const response = await send(
      {
        url: `${server}/mcp`,
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          "mcp-protocol-version": "2025-11-25",
        },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } }),
        signal,
      },
      tryMs,
    );
    const text = await response.text();
    if (!response.ok) throw refused(response.status, server);
    return callResult(rpcMessage(text, response.headers.get("content-type") ?? ""));
  }

  /** Hands a file over; returns the handle that tools take and how to take it back. */
  async function upload(file: ItemFile, signal: AbortSignal): Promise<{ readonly handle: string; readonly id: string }> {
    const response = await send({
      url: `${server}/files/${encodeURIComponent(file.name)}`,
      method: "PUT",
      headers: { "content-type": "application/octet-stream" },
      body: await file.bytes(),
      signal,
    });
    const answer = parsed(await response.text());
    if (response.ok && typeof answer["file"] === "string" && typeof answer["id"] === "string")
      return { handle: answer["file"], id: answer["id"] };
    const words = typeof answer["error"] === "string" ? answer["error"] : "";
    if (response.status === 422 || response.status === 413)
      throw new InputError(words === "" ? `The server does not take ${file.name}.` : words);
    throw refused(response.status, server);
  }

  /** What it cannot delete the server deletes by itself. */
  async function remove(id: string): Promise<void> {
    await send({ url: `${server}/files/${encodeURIComponent(id)}`, method: "DELETE", signal: undefined }, CLEAN_UP_MS, 0).catch(() => {});
  }

  function fetched(id: string, signal: AbortSignal): Promise<Response> {
    return send({ url: `${server}/files/${encodeURIComponent(id)}`, signal });
  }

  /** What was shortened for agents is whole in a file. */
  async function whole({ output, wholeAnswer }: CallResult, signal: AbortSignal): Promise<Record<string, unknown>> {
    if (wholeAnswer === undefined) return output;
    const response = await fetched(wholeAnswer, signal);
    return response.ok ? parsed(await response.text()) : output;
  }

  /** The answer with the pictures that were saved for it; one that cannot be had stays an address, with a warning. */
  async function withPictures(answer: Answer, signal: AbortSignal): Promise<Answer> {
    const pictures: AnswerPicture[] = [];
    const fields = new Map<string, string>();
    const lost: string[] = [];
    for (const { field, id, address } of savedPictures(answer.output)) {
      const response = await fetched(id, signal);
      if (!response.ok) {
        lost.push(`The picture "${field}" could not be fetched from the server (HTTP ${response.status}).`);
        continue;
      }
      const mediaType = response.headers.get("content-type") ?? "application/octet-stream";
      pictures.push({ field, name: id, mediaType, bytes: new Uint8Array(await response.arrayBuffer()) });
      fields.set(address, field);
    }
    const output = renamed(answer.output, fields) as Record<string, unknown>;
    const warnings = [output["warnings"] ?? [], lost].flat();
    return { ...answer, pictures, output: lost.length === 0 ? output : { ...output, warnings } };
  }

  async function settled(id: string, since: number, signal: AbortSignal): Promise<Answer> {
    try {
      while (n8nClock.now() - since < timeoutMs) {
        const job = await call("get_job", { job_id: id, wait_seconds: JOB_WAIT }, signal);
        const { status, result, error } = job.output as { status?: string; result?: Record<string, unknown>; error?: ReportedError };
        if (status === "done") {
          const all = await whole(job, signal);
          return { output: (all["result"] as Record<string, unknown> | undefined) ?? result ?? all, usage: job.usage };
        }
        if (error !== undefined) throw reported({ ...error, usage: job.usage });
        if (status !== "queued" && status !== "running") {
          throw new ModelError(`The server's job ended without an answer (${status ?? "no status"}).`, {
            retryable: true,
            hint: "Run the node again.",
          });
        }
      }
      throw new ModelError(`The server was not done within ${timeoutMs / 1000} s.`, { retryable: true, hint: "Raise the option Timeout." });
    } catch (error) {
      await call("cancel_job", { job_id: id }, undefined, CLEAN_UP_MS).catch(() => {});
      throw error;
    }
  }

  return {
    concurrency: CONCURRENCY,
    async run({ task, input, files, signal }: Call): Promise<Answer> {
      const since = n8nClock.now();
      /** Ids of files that were handed over, and what a person calls them. */
      const uploaded = new Map<string, string>();
      try {
        const references = new Map<string, string>();
        for (const file of files) {
          // The server has a guarded download of its own for addresses of the public web.
          if (file.url?.startsWith("https:") === true) references.set(file.reference, file.url);
          else {
            const { handle, id } = await upload(file, signal);
            uploaded.set(id, file.name);
            references.set(file.reference, handle);
          }
        }
        const answer = await call(task, withReferences(input, references), signal);
        const id = answer.output["job_id"];
        const { output, ...rest } = await withPictures(
          typeof id === "string" ? await settled(id, since, signal) : { output: await whole(answer, signal), usage: answer.usage },
          signal,
        );
        return { ...rest, output: withNames(output, uploaded) };
      } catch (error) {
        if (isSightlineError(error)) error.message = named(error.message, uploaded);
        throw error;
      } finally {
        await Promise.all([...uploaded.keys()].map(remove));
      }
    },
  };
}

/** The server calls a file by the id it gave it. */
function named(text: string, names: ReadonlyMap<string, string>): string {
  return [...names].reduce((words, [id, name]) => words.replaceAll(id, name), text);
}

function withNames(output: Readonly<Record<string, unknown>>, names: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> {
  const { warnings } = output;
  return Array.isArray(warnings) ? { ...output, warnings: warnings.map((warning) => named(String(warning), names)) } : output;
}

/** The input with the server's own reference in each place of a file. */
function withReferences(input: Readonly<Record<string, unknown>>, references: ReadonlyMap<string, string>): Record<string, unknown> {
  const put = (value: unknown): unknown => (typeof value === "string" ? (references.get(value) ?? value) : value);
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, Array.isArray(value) ? value.map(put) : put(value)]));
}

function parsed(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function unreachable(error: unknown, server: string): unknown {
  if (error instanceof ModelError) return error;
  return new SetupError(`No Sightline server answers at ${server}.`, {
    hint: `Start it with \`${SERVER_COMMAND}\`, and check the credential's Base URL. Where n8n runs in Docker and the server on its host, the address is http://host.docker.internal:8420, and the server is started with \`--http 0.0.0.0:8420\` and a token (SIGHTLINE_HTTP_TOKEN).`,
    cause: error,
  });
}

function refused(status: number, server: string): Error {
  if (status === 401 || status === 403) {
    return new SetupError(`The Sightline server at ${server} refuses the credential (HTTP ${status}).`, {
      hint: "The credential's Token is the server's SIGHTLINE_HTTP_TOKEN.",
    });
  }
  if (status >= 300 && status < 400) {
    return new SetupError(
      `${server} sends requests elsewhere (HTTP ${status}). Redirects are not followed, so that files and tokens go only where you said.`,
      {
        hint: "Set the credential's Base URL to the address it leads to.",
      },
    );
  }
  if (status < 300 || status === 404 || status === 405) {
    return new SetupError(`What answers at ${server} is no Sightline server.`, {
      hint: `Start it with \`${SERVER_COMMAND}\`, and check the credential's Base URL.`,
    });
  }
  return new ModelError(`The Sightline server at ${server} refused the request (HTTP ${status}).`, {
    status,
    retryable: canPass(status),
    hint: canPass(status) ? "Lower the option Concurrency, or run more servers." : "Look into the server's log.",
  });
}
