import type { Workflow } from "./n8n.ts";

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
