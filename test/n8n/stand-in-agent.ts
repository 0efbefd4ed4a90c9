import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * A stand-in for the language model of an agent: OpenAI's chat completions, no model. Its rule: a question that holds an address is answered with a call of the tool
 * whose name holds "URL", with that address; any other with a call of the other tool; and what a tool answered is repeated word for word.
 */
export interface StandInAgent {
  /** Up to and with /v1. */
  readonly baseUrl: string;
  /** Names of the tools that were offered. */
  readonly tools: ReadonlySet<string>;
  close(): Promise<void>;
}

interface Message {
  readonly role: string;
  readonly content: unknown;
}

interface AgentRequest {
  readonly messages: readonly Message[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
}

export async function startStandInAgent(): Promise<StandInAgent> {
  const tools = new Set<string>();
  const server = createServer((request, response) => {
    void (async () => {
      let body = "";
      for await (const piece of request) body += String(piece);
      response.setHeader("content-type", "application/json");
      if (!request.url?.endsWith("/chat/completions")) return response.writeHead(404).end("{}");
      const asked = JSON.parse(body) as AgentRequest;
      for (const tool of asked.tools ?? []) tools.add(tool.function.name);
      response.end(JSON.stringify(completion(answer(asked))));
    })();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    tools,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer({ messages, tools = [] }: AgentRequest): object {
  const last = messages.at(-1);
  const words = typeof last?.content === "string" ? last.content : JSON.stringify(last?.content);
  if (last?.role === "tool") return { role: "assistant", content: `The tool says: ${words}` };
  const url = /https?:\/\/[^\s"\\]+/.exec(words)?.[0];
  const name = tools.map((tool) => tool.function.name).find((each) => each.includes("URL") === (url !== undefined));
  const call = { id: "call_1", type: "function", function: { name, arguments: JSON.stringify(url === undefined ? {} : { url }) } };
  return { role: "assistant", content: null, tool_calls: [call] };
}

function completion(message: object): object {
  const calls = "tool_calls" in message;
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 0,
    model: "stand-in-agent",
    choices: [{ index: 0, message, finish_reason: calls ? "tool_calls" : "stop" }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  };
}
