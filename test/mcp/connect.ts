/** Real clients on the built server, over real standard input and output. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OlderClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OlderTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

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
}

export interface CallResult {
  readonly isError: boolean;
  readonly text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what came over the wire; each test knows what it called.
  readonly data: any;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  onprogress?(progress: { progress: number; total?: number | undefined; message?: string | undefined }): void;
}

/** What the clients of both generations have in common. */
export interface Connection {
  readonly pid: number;
  readonly stderr: () => string;
  listTools(): Promise<Tool[]>;
  call(name: string, input: Record<string, unknown>, options?: CallOptions): Promise<CallResult>;
  close(): Promise<void>;
}

export type Era = "2.x client, 2026-07-28" | "2.x client, 2025-11-25" | "1.x client";
export const ERAS: readonly Era[] = ["2.x client, 2026-07-28", "2.x client, 2025-11-25", "1.x client"];

export interface ServerOptions {
  readonly era?: Era;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a server that may read the samples and has no model, unless `args` say otherwise. */
export async function connect({
  era = ERAS[0],
  args = ["--backend", "none", "--allow", SAMPLES],
  env = {},
}: ServerOptions = {}): Promise<Connection> {
  const parameters = {
    command: process.execPath,
    args: [SERVER, ...args],
    env: { ...(process.env as Record<string, string>), ...env },
    stderr: "pipe" as const,
  };
  const identity = { name: "sightline-test", version: "1.0.0" };
  const older = era === "1.x client";
  const transport = older ? new OlderTransport(parameters) : new StdioClientTransport(parameters);
  const client = older
    ? new OlderClient(identity)
    : new Client(identity, { versionNegotiation: { mode: era === "2.x client, 2026-07-28" ? { pin: "2026-07-28" } : "legacy" } });
  let log = "";
  transport.stderr?.on("data", (chunk: Buffer) => (log += chunk.toString()));
  // Each client takes its own transport; TypeScript sees only the union.
  await (client as Client).connect(transport);

  return {
    pid: transport.pid as number,
    stderr: () => log,
    listTools: async () => (await client.listTools()).tools,
    async call(name, input, { signal, onprogress } = {}) {
      const options = { timeout: 55_000, ...(signal === undefined ? {} : { signal }), ...(onprogress === undefined ? {} : { onprogress }) };
      const request = { name, arguments: input };
      const result = older
        ? await (client as OlderClient).callTool(request, undefined, options)
        : await (client as Client).callTool(request, options);
      const blocks = result.content as { type: string; text?: string }[];
      return { isError: result.isError === true, text: blocks.map(({ text }) => text ?? "").join("\n"), data: result.structuredContent };
    },
    close: () => client.close(),
  };
}
