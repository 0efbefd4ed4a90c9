import { Client, StreamableHTTPClientTransport, type Tool } from "@modelcontextprotocol/client";
import { readResult } from "../call/result.ts";
import type { CallTool } from "../call/follow-job.ts";
import type { ReadResource } from "../call/server-pixels.ts";
import { isJson, textOf } from "../view/json.ts";

/** The server that this page came from, as an MCP client sees it. */
export interface Connection {
  readonly server: { readonly name: string; readonly version: string };
  readonly tools: readonly Tool[];
  readonly call: CallTool;
  readonly read: ReadResource;
  /** Hands a file in; returns its handle, which stands wherever an input names a file. */
  upload(file: File, signal?: AbortSignal): Promise<string>;
  /** One of the server's sample files. */
  sample(name: string): Promise<File>;
  /** Keeps a corrected answer; absent where the server keeps none. */
  readonly keep?: (correction: KeptCorrection) => Promise<string>;
}

export interface KeptCorrection {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>>;
  readonly corrected: Readonly<Record<string, unknown>>;
}

/** The server wants a token, or another one. */
export class TokenNeeded extends Error {}

/** A call that shows no sign of life for this long has failed, ms; the server's arrive every five seconds. */
const SILENCE_MS = 60_000;

/** Asks for the model's words as they come; and where in a progress notification they stand. */
const STREAM_KEY = "io.github.sightline/stream";
const TEXT_KEY = "io.github.sightline/text";

export async function connect(version: string, token: string | undefined): Promise<Connection> {
  const headers: Record<string, string> = token === undefined || token === "" ? {} : { Authorization: `Bearer ${token}` };
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(path, { ...init, headers: { ...headers, ...(init.headers as Record<string, string> | undefined) } });
    if (response.status === 401) throw new TokenNeeded(await refusal(response));
    return response;
  };
  // First, for its answer says whether a token is wanted, and nothing else depends on it.
  const about: unknown = await (await ask("/corrections")).json();
  const keeps = isJson(about) && about["keeps"] === true;
  const client = new Client({ name: "sightline-playground", version }, { versionNegotiation: { mode: "auto" } });
  await client.connect(new StreamableHTTPClientTransport(new URL("/mcp", location.href), { requestInit: { headers } }));
  const { tools } = await client.listTools();
  const { name = "server", version: running = "" } = client.getServerVersion() ?? {};

  const call: CallTool = async (tool, args, { signal, onProgress }) => {
    const result = await client.callTool(
      { name: tool, arguments: args, _meta: { [STREAM_KEY]: true } },
      {
        timeout: SILENCE_MS,
        resetTimeoutOnProgress: true,
        ...(signal === undefined ? {} : { signal }),
        onprogress: (progress) => {
          const { message = "Working", progress: done, total } = progress;
          const text = textOf(metaOf(progress)[TEXT_KEY]);
          onProgress?.({ message, ...(total === undefined ? {} : { done, total }), ...(text === undefined ? {} : { text }) });
        },
      },
    );
    return readResult(result);
  };

  return {
    server: { name, version: running },
    tools,
    call,
    read: (uri) => client.readResource({ uri }),
    async upload(file, signal) {
      const response = await ask(`/files/${encodeURIComponent(file.name)}`, {
        method: "PUT",
        body: file,
        ...(signal === undefined ? {} : { signal }),
      });
      if (!response.ok) throw new Error(await refusal(response));
      const answer: unknown = await response.json();
      const handle = isJson(answer) ? textOf(answer["file"]) : undefined;
      if (handle === undefined) throw new Error("The server took the file and named no handle.");
      return handle;
    },
    async sample(file) {
      const response = await ask(`/samples/${encodeURIComponent(file)}`);
      if (!response.ok) throw new Error(await refusal(response));
      return new File([await response.blob()], file, { type: response.headers.get("Content-Type") ?? "" });
    },
    ...(keeps
      ? {
          async keep(correction: KeptCorrection): Promise<string> {
            const response = await ask("/corrections", {
              method: "POST",
              headers: { "Content-Type": "application/json" },
              body: JSON.stringify(correction),
            });
            if (!response.ok) throw new Error(await refusal(response));
            const answer: unknown = await response.json();
            return (isJson(answer) ? textOf(answer["id"]) : undefined) ?? "a correction";
          },
        }
      : {}),
  };
}

/** What the server says against a request, in its own words. */
async function refusal(response: Response): Promise<string> {
  const answer: unknown = await response.json().catch(() => undefined);
  return (isJson(answer) ? textOf(answer["error"]) : undefined) ?? `The server answered ${response.status}.`;
}

function metaOf({ _meta }: { readonly progress: number; readonly _meta?: unknown }): Readonly<Record<string, unknown>> {
  return isJson(_meta) ? _meta : {};
}
