import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const SERVER = fileURLToPath(new URL("../../packages/mcp-server/dist/sightline-mcp.js", import.meta.url));

export interface ToolAnswer {
  readonly isError: boolean;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>> | undefined;
}

/** The built MCP server over standard input and output, one call at a time. */
export interface Server {
  readonly pid: number;
  call(tool: string, input: Readonly<Record<string, unknown>>): Promise<ToolAnswer>;
  close(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly result?: {
    readonly isError?: boolean;
    readonly content?: readonly { readonly text?: string }[];
    readonly structuredContent?: Readonly<Record<string, unknown>>;
  };
}

/** Starts it without a model; it may read `folder`. Rejects when the server ends before an answer. */
export async function startServer(folder: string): Promise<Server> {
  const child = spawn(process.execPath, [SERVER, "--backend", "none", "--allow", folder], { stdio: ["pipe", "pipe", "inherit"] });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let last = 0;
  const send = (message: object): void => void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  async function ask(method: string, params: object): Promise<NonNullable<Message["result"]>> {
    const id = ++last;
    send({ id, method, params });
    for (;;) {
      const { value, done } = await lines.next();
      if (done === true) throw new Error("the server ended without an answer");
      const message = JSON.parse(value) as Message;
      if (message.id === id) return message.result ?? {};
    }
  }
  await ask("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "bench", version: "1.0.0" } });
  send({ method: "notifications/initialized" });
  return {
    pid: child.pid as number,
    async call(name, input) {
      const { isError = false, content = [], structuredContent } = await ask("tools/call", { name, arguments: input });
      return { isError, text: content.map(({ text = "" }) => text).join("\n"), data: structuredContent };
    },
    async close() {
      child.stdin.end();
      await gone;
    },
  };
}
