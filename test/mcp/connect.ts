/** Real clients on the built server, over real standard input and output. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OlderClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OlderTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as OlderHttpTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

export const SERVER = fileURLToPath(new URL("../../packages/mcp-server/dist/sightline-mcp.js", import.meta.url));
export const SAMPLES = fileURLToPath(new URL("../../examples/samples", import.meta.url));
export const CORPORA = process.env["SIGHTLINE_CORPORA"] ?? fileURLToPath(new URL("../../../shared/corpora", import.meta.url));

if (!existsSync(SERVER)) throw new Error(`${SERVER} is missing: run \`npx -y pnpm@12 build\` first`);

export interface Tool {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly outputSchema?: Readonly<Record<string, unknown>> | undefined;
  readonly annotations?: Readonly<Record<string, unknown>> | undefined;
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
}

export interface Block {
  readonly type: string;
  readonly text?: string;
  readonly uri?: string;
  readonly name?: string;
  readonly mimeType?: string;
  readonly data?: string;
}

export interface CallResult {
  readonly isError: boolean;
  /** Of all blocks that have one. */
  readonly text: string;
  readonly blocks: readonly Block[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what came over the wire; each test knows what it called.
  readonly data: any;
  readonly meta: Readonly<Record<string, unknown>>;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  onprogress?(progress: { progress: number; total?: number | undefined; message?: string | undefined }): void;
}

export interface ResourceContent {
  readonly uri: string;
  readonly mimeType?: string;
  readonly text?: string;
  readonly blob?: string;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

/** What the clients of both generations have in common. */
export interface Connection {
  readonly pid: number;
  readonly stderr: () => string;
  listTools(): Promise<Tool[]>;
  call(name: string, input: Record<string, unknown>, options?: CallOptions): Promise<CallResult>;
  listPrompts(): Promise<readonly { readonly name: string }[]>;
  /** The words of its messages. */
  getPrompt(name: string, args: Record<string, string>): Promise<string>;
  complete(prompt: string, argument: string, value: string): Promise<readonly string[]>;
  readResource(uri: string): Promise<ResourceContent>;
  close(): Promise<void>;
}

export type Era = "2.x client, 2026-07-28" | "2.x client, 2025-11-25" | "1.x client";
export const ERAS: readonly [Era, Era, Era] = ["2.x client, 2026-07-28", "2.x client, 2025-11-25", "1.x client"];

export interface ServerOptions {
  readonly era?: Era;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const NO_MODEL = ["--backend", "none", "--allow", SAMPLES];
const IDENTITY = { name: "sightline-test", version: "1.0.0" };

function newClient(era: Era): Client | OlderClient {
  if (era === "1.x client") return new OlderClient(IDENTITY);
  return new Client(IDENTITY, { versionNegotiation: { mode: era === "2.x client, 2026-07-28" ? { pin: "2026-07-28" } : "legacy" } });
}

/** What is done over a connection, whatever carries it. */
export type Calls = Omit<Connection, "pid" | "stderr">;

function overClient(client: Client | OlderClient): Calls {
  // What both have under the same names, with the same shapes.
  const either = client as Client;
  return {
    listPrompts: async () => (await either.listPrompts()).prompts,
    async getPrompt(name, args) {
      const { messages } = await either.getPrompt({ name, arguments: args });
      return messages.map(({ content }) => (content.type === "text" ? content.text : "")).join("\n");
    },
    async complete(prompt, argument, value) {
      const { completion } = await either.complete({ ref: { type: "ref/prompt", name: prompt }, argument: { name: argument, value } });
      return completion.values;
    },
    readResource: async (uri) => (await either.readResource({ uri })).contents[0] as ResourceContent,
    listTools: async () => (await client.listTools()).tools,
    async call(name, input, { signal, onprogress } = {}) {
      const options = { timeout: 55_000, ...(signal === undefined ? {} : { signal }), ...(onprogress === undefined ? {} : { onprogress }) };
      const request = { name, arguments: input };
      const { _meta: meta = {}, ...result } =
        client instanceof OlderClient ? await client.callTool(request, undefined, options) : await client.callTool(request, options);
      const blocks = result.content as Block[];
      return {
        isError: result.isError === true,
        text: blocks.map(({ text }) => text ?? "").join("\n"),
        blocks,
        data: result.structuredContent,
        meta,
      };
    },
    close: () => client.close(),
  };
}

/** Starts a server that may read the samples and has no model, unless `args` say otherwise. */
export async function connect({ era = ERAS[0], args = NO_MODEL, env = {} }: ServerOptions = {}): Promise<Connection> {
  const parameters = {
    command: process.execPath,
    args: [SERVER, ...args],
    env: { ...(process.env as Record<string, string>), ...env },
    stderr: "pipe" as const,
  };
  const transport = era === "1.x client" ? new OlderTransport(parameters) : new StdioClientTransport(parameters);
  const client = newClient(era);
  let log = "";
  transport.stderr?.on("data", (chunk: Buffer) => (log += chunk.toString()));
  // Each client takes its own transport; TypeScript sees only the union.
  await (client as Client).connect(transport);
  return { pid: transport.pid as number, stderr: () => log, ...overClient(client) };
}

/** A server that listens on a free port of this machine. */
export interface HttpServer {
  readonly pid: number;
  /** Without a path. */
  readonly origin: string;
  readonly stderr: () => string;
  /** Asks it to go and waits until it has: its exit code. */
  close(): Promise<number | null>;
}

export async function startHttpServer({ args = NO_MODEL, env = {} }: Omit<ServerOptions, "era"> = {}): Promise<HttpServer> {
  const child = spawn(process.execPath, [SERVER, "--http", "0", ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const gone = once(child, "exit");
  let log = "";
  const origin = await new Promise<string>((resolve, reject) => {
    child.stderr.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      const address = /listening on (http:\/\/\S+)\/mcp/.exec(log)?.[1];
      if (address !== undefined) resolve(address);
    });
    void gone.then(() => reject(new Error(`the server ended:\n${log}`)));
  });
  return {
    pid: child.pid as number,
    origin: origin.replace("0.0.0.0", "127.0.0.1"),
    stderr: () => log,
    async close() {
      child.kill("SIGTERM");
      const [code] = (await gone) as [number | null];
      return code;
    },
  };
}

/** A client of one generation on a server that listens. */
export async function connectOverHttp(
  { origin }: Pick<HttpServer, "origin">,
  { era = ERAS[0], token }: { readonly era?: Era; readonly token?: string } = {},
): Promise<Calls> {
  const url = new URL("/mcp", origin);
  const options = token === undefined ? {} : { requestInit: { headers: { Authorization: `Bearer ${token}` } } };
  const client = newClient(era);
  const transport = era === "1.x client" ? new OlderHttpTransport(url, options) : new StreamableHTTPClientTransport(url, options);
  await (client as Client).connect(transport);
  return overClient(client);
}

/** Asks for a job until it has ended, as clients do: one answer comes after 30 s at the latest. */
export async function jobEnd(client: Pick<Calls, "call">, id: string, options?: CallOptions): Promise<CallResult> {
  for (;;) {
    const job = await client.call("get_job", { job_id: id }, options);
    if (job.isError || !["queued", "running"].includes((job.data as { status: string }).status)) return job;
  }
}

/** Runs the server's program to its end. */
export async function run(args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [SERVER, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, out, err };
}
