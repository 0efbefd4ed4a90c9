import { readFileSync } from "node:fs";
import path from "node:path";
import { NODE_PACKAGE, type Workflow } from "./n8n.ts";

/** Small flows for tests: a webhook that takes files, the node, and its answer. */

interface FlowOptions {
  readonly webhook: string;
  /** The credential type, which is also the node's authentication. */
  readonly way: "sightlineModelApi" | "sightlineServerApi";
  /** `resource:operation`. */
  readonly does: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly options?: Readonly<Record<string, unknown>>;
  /** What happens on failures; default: the execution fails. */
  readonly onError?: "continueRegularOutput" | "continueErrorOutput";
  /** Turns the webhook's item into several, in JavaScript: the body of n8n's Code node. */
  readonly code?: string;
}

export function webhookFlow({ webhook, way, does, parameters = {}, options = {}, onError, code }: FlowOptions): Workflow {
  const [resource, operation] = does.split(":");
  const nodes = [
    {
      id: "1",
      name: "Webhook",
      type: "n8n-nodes-base.webhook",
      typeVersion: 2,
      position: [0, 0],
      webhookId: webhook,
      parameters: { httpMethod: "POST", path: webhook, responseMode: "lastNode", responseData: "allEntries", options: {} },
    },
    ...(code === undefined
      ? []
      : [{ id: "2", name: "Code", type: "n8n-nodes-base.code", typeVersion: 2, position: [200, 0], parameters: { jsCode: code } }]),
    {
      id: "3",
      name: "Sightline",
      type: "n8n-nodes-sightline.sightline",
      typeVersion: 1,
      position: [400, 0],
      ...(onError === undefined ? {} : { onError }),
      parameters: {
        authentication: way,
        resource,
        operation,
        ...(way === "sightlineModelApi" ? { model: { __rl: true, mode: "id", value: "stand-in-vision" } } : {}),
        ...parameters,
        options,
      },
      credentials: { [way]: {} },
    },
  ];
  const connections = Object.fromEntries(
    nodes.slice(1).map(({ name }, index) => [nodes[index]?.name, { main: [[{ node: name, type: "main", index: 0 }]] }]),
  );
  return { name: webhook, nodes, connections };
}

/**
 * An example of the package as its file is, with parameters of some nodes changed and credential types renamed, as a user would who chooses the other way to see.
 */
export function example(
  name: string,
  changes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
  credentials: Readonly<Record<string, string>> = {},
): Workflow {
  const flow = JSON.parse(readFileSync(path.join(NODE_PACKAGE, "examples", `${name}.json`), "utf8")) as Workflow;
  return {
    ...flow,
    nodes: flow.nodes.map((node) => ({
      ...node,
      parameters: { ...node.parameters, ...changes[node.name] },
      ...(node.credentials === undefined
        ? {}
        : { credentials: Object.fromEntries(Object.keys(node.credentials).map((type) => [credentials[type] ?? type, {}])) }),
    })),
  };
}
