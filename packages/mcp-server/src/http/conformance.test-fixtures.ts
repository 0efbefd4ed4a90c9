/**
 * The tools, prompts and resources that the protocol's conformance suite asks every server for, with the answers it prescribes. They are registered on
 * Sightline's own server, beside its tools, so that all that carries them is what carries those.
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
  acceptedContent,
  completable,
  inputRequired,
  inputResponse,
  ResourceTemplate,
  type CallToolResult,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";
import * as z from "zod";
import { listed } from "../listed-schema.ts";

/** One red pixel. */
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
/** A header and no sound. */
const WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=";

const image = { type: "image", data: PNG, mimeType: "image/png" } as const;
const words = (text: string): CallToolResult => ({ content: [{ type: "text", text }] });

/** Every keyword has to come through the list of tools as it is. */
const SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  $defs: { address: { $anchor: "addressDef", type: "object", properties: { street: { type: "string" }, city: { type: "string" } } } },
  properties: {
    name: { type: "string" },
    address: { $ref: "#/$defs/address" },
    contactMethod: { type: "string", enum: ["phone", "email"] },
    phone: { type: "string" },
    email: { type: "string" },
  },
  allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
  if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then: { required: ["phone"] },
  else: { required: ["email"] },
  additionalProperties: false,
};

type Answer = CallToolResult | InputRequiredResult;

export function registerFixtures(server: McpServer): void {
  const tool = (name: string, run: (context: ServerContext) => Answer | Promise<Answer>): void => {
    server.registerTool(name, { description: `Fixture of the conformance suite: ${name}` }, run);
  };
  plainTools(tool);
  server.registerTool("json_schema_2020_12_tool", { description: "Fixture of the conformance suite", inputSchema: listed(SCHEMA) }, () =>
    words("Listed."),
  );
  askingTools(tool);
  promptsAndResources(server);
}

type Register = (name: string, run: (context: ServerContext) => Answer | Promise<Answer>) => void;

function plainTools(tool: Register): void {
  tool("test_simple_text", () => words("This is a simple text response for testing."));
  tool("test_image_content", () => ({ content: [image] }));
  tool("test_audio_content", () => ({ content: [{ type: "audio", data: WAV, mimeType: "audio/wav" }] }));
  tool("test_embedded_resource", () => ({
    content: [
      {
        type: "resource",
        resource: { uri: "test://embedded-resource", mimeType: "text/plain", text: "This is an embedded resource content." },
      },
    ],
  }));
  tool("test_multiple_content_types", () => ({
    content: [
      { type: "text", text: "Multiple content types test:" },
      image,
      {
        type: "resource",
        resource: { uri: "test://mixed-content-resource", mimeType: "application/json", text: '{"test":"data","value":123}' },
      },
    ],
  }));
  tool("test_error_handling", () => {
    throw new Error("This tool intentionally returns an error for testing");
  });
  tool("test_tool_with_progress", async ({ mcpReq }) => {
    const { _meta, notify } = mcpReq;
    const progressToken = _meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined) await notify({ method: "notifications/progress", params: { progressToken, progress, total: 100 } });
      if (progress < 100) await sleep(50);
    }
    return words("Done.");
  });
}

function askingTools(tool: Register): void {
  const text = z.object({ name: z.string() });
  const name = () => inputRequired.elicit({ message: "What is your name?", requestedSchema: text });
  const capital = () =>
    inputRequired.createMessage({
      messages: [{ role: "user", content: { type: "text", text: "What is the capital of France?" } }],
      maxTokens: 100,
    });

  tool("test_input_required_result_elicitation", ({ mcpReq }) => {
    const given = acceptedContent(mcpReq.inputResponses, "user_name", text);
    return given === undefined ? inputRequired({ inputRequests: { user_name: name() } }) : words(`Hello, ${given.name}!`);
  });
  tool("test_streaming_elicitation", ({ mcpReq }) => {
    const given = acceptedContent(mcpReq.inputResponses, "user_name", text);
    return given === undefined ? inputRequired({ inputRequests: { user_name: name() } }) : words(`Hello, ${given.name}!`);
  });
  tool("test_input_required_result_sampling", ({ mcpReq }) => {
    const given = inputResponse(mcpReq.inputResponses, "capital_question");
    return given.kind === "sampling" ? words(JSON.stringify(given)) : inputRequired({ inputRequests: { capital_question: capital() } });
  });
  tool("test_input_required_result_list_roots", ({ mcpReq }) => {
    const given = inputResponse(mcpReq.inputResponses, "client_roots");
    return given.kind === "roots"
      ? words(JSON.stringify(given))
      : inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  });
  tool("test_input_required_result_request_state", ({ mcpReq }) => {
    const confirm = z.object({ ok: z.boolean() });
    if (acceptedContent(mcpReq.inputResponses, "confirm", confirm) !== undefined && mcpReq.requestState() === "asked")
      return words("state-ok");
    return inputRequired({
      inputRequests: { confirm: inputRequired.elicit({ message: "Please confirm", requestedSchema: confirm }) },
      requestState: "asked",
    });
  });
  tool("test_input_required_result_multiple_inputs", ({ mcpReq }) => {
    const { inputResponses } = mcpReq;
    const all =
      acceptedContent(inputResponses, "user_name", text) !== undefined &&
      inputResponse(inputResponses, "greeting").kind === "sampling" &&
      inputResponse(inputResponses, "client_roots").kind === "roots";
    if (all) return words("All three came.");
    const greeting = inputRequired.createMessage({
      messages: [{ role: "user", content: { type: "text", text: "Generate a greeting" } }],
      maxTokens: 50,
    });
    return inputRequired({
      inputRequests: { user_name: name(), greeting, client_roots: inputRequired.listRoots() },
      requestState: "three",
    });
  });
  tool("test_input_required_result_multi_round", ({ mcpReq }) => {
    const color = z.object({ color: z.string() });
    if (acceptedContent(mcpReq.inputResponses, "step2", color) !== undefined && mcpReq.requestState() === "round-2")
      return words("Both steps.");
    if (acceptedContent(mcpReq.inputResponses, "step1", text) !== undefined && mcpReq.requestState() === "round-1") {
      const step2 = inputRequired.elicit({ message: "Step 2: What is your favorite color?", requestedSchema: color });
      return inputRequired({ inputRequests: { step2 }, requestState: "round-2" });
    }
    const step1 = inputRequired.elicit({ message: "Step 1: What is your name?", requestedSchema: text });
    return inputRequired({ inputRequests: { step1 }, requestState: "round-1" });
  });
  tool("test_input_required_result_capabilities", ({ mcpReq }) => {
    const can = capabilitiesOf(mcpReq);
    const requests = {
      ...("elicitation" in can ? { user_name: name() } : {}),
      ...("sampling" in can ? { capital_question: capital() } : {}),
    };
    return mcpReq.inputResponses === undefined && Object.keys(requests).length > 0
      ? inputRequired({ inputRequests: requests })
      : words("Done.");
  });
  // The SDK itself refuses to ask a client for what it did not say it can.
  tool("test_missing_capability", () => inputRequired({ inputRequests: { capital_question: capital() } }));
}

/** What the client says it can, which since 2026-07-28 every request carries. */
function capabilitiesOf({ envelope }: ServerContext["mcpReq"]): Readonly<Record<string, unknown>> {
  return ((envelope as Readonly<Record<string, unknown>> | undefined)?.["io.modelcontextprotocol/clientCapabilities"] ?? {}) as Record<
    string,
    unknown
  >;
}

function promptsAndResources(server: McpServer): void {
  const user = (content: { type: "text"; text: string } | typeof image) => ({ role: "user" as const, content });
  const prompt = (name: string) => ({ title: name, description: `Fixture of the conformance suite: ${name}` });
  const argument = () => completable(z.string(), (begun) => ["paris", "park", "party"].filter((each) => each.startsWith(begun)));

  server.registerPrompt("test_simple_prompt", prompt("test_simple_prompt"), () => ({
    messages: [user({ type: "text", text: "This is a simple prompt for testing." })],
  }));
  server.registerPrompt(
    "test_prompt_with_arguments",
    { ...prompt("test_prompt_with_arguments"), argsSchema: z.object({ arg1: argument(), arg2: argument() }) },
    ({ arg1, arg2 }) => ({ messages: [user({ type: "text", text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` })] }),
  );
  server.registerPrompt(
    "test_prompt_with_embedded_resource",
    { ...prompt("test_prompt_with_embedded_resource"), argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri }) => ({
      messages: [
        {
          role: "user",
          content: {
            type: "resource",
            resource: { uri: resourceUri, mimeType: "text/plain", text: "Embedded resource content for testing." },
          },
        },
        user({ type: "text", text: "Please process the embedded resource above." }),
      ],
    }),
  );
  server.registerPrompt("test_prompt_with_image", prompt("test_prompt_with_image"), () => ({
    messages: [user(image), user({ type: "text", text: "Please analyze the image above." })],
  }));
  server.registerPrompt("test_input_required_result_prompt", prompt("test_input_required_result_prompt"), ({ mcpReq }) => {
    const context = z.object({ context: z.string() });
    const given = acceptedContent(mcpReq.inputResponses, "user_context", context);
    if (given !== undefined) return { messages: [user({ type: "text", text: given.context })] };
    const user_context = inputRequired.elicit({ message: "What context should the prompt use?", requestedSchema: context });
    return inputRequired({ inputRequests: { user_context } });
  });

  server.registerResource("static-text", "test://static-text", { mimeType: "text/plain" }, ({ href }) => ({
    contents: [{ uri: href, mimeType: "text/plain", text: "This is the content of the static text resource." }],
  }));
  server.registerResource("static-binary", "test://static-binary", { mimeType: "image/png" }, ({ href }) => ({
    contents: [{ uri: href, mimeType: "image/png", blob: PNG }],
  }));
  server.registerResource("template", new ResourceTemplate("test://template/{id}/data", { list: undefined }), {}, ({ href }, { id }) => ({
    contents: [
      { uri: href, mimeType: "application/json", text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }) },
    ],
  }));
}
