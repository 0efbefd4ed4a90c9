import {
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  NodeConnectionTypes,
} from "n8n-workflow";
import { toNodeError } from "../../lib/errors.ts";
import { inOrder } from "../../lib/in-order.ts";
import { listSearch } from "../../lib/model-list.ts";
import { openRun } from "../../lib/run.ts";
import { operations } from "./generated/operations.ts";
import { parameters } from "./parameters.ts";

export class Sightline implements INodeType {
  description: INodeTypeDescription = {
    displayName: "Sightline",
    name: "sightline",
    icon: { light: "file:sightline.svg", dark: "file:sightline.dark.svg" },
    group: ["transform"],
    version: 1,
    subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
    description:
      "Reads invoices and documents, describes and searches pictures and videos, works on texts; every answer carries its evidence",
    defaults: { name: "Sightline" },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [
      { name: "sightlineModelApi", required: true, displayOptions: { show: { authentication: ["sightlineModelApi"] } } },
      { name: "sightlineServerApi", required: true, displayOptions: { show: { authentication: ["sightlineServerApi"] } } },
    ],
    properties: parameters,
  };

  methods = { listSearch };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    const items = this.getInputData();
    const continues = this.continueOnFail();
    const asked = this.getNodeParameter("authentication", 0) === "sightlineServerApi" ? "server" : "model";
    const run = await openRun(this, operations).catch((error: unknown) => {
      throw toNodeError(this.getNode(), error, 0, asked);
    });
    const results = await inOrder(
      items.length,
      run.concurrency,
      (item) =>
        run.item(item, (error) => {
          const failure = toNodeError(this.getNode(), error, item, asked);
          // Cancelled is cancelled, whatever was to happen on failures.
          if (!continues || run.cancelled()) throw failure;
          return { json: { error: failure.message }, error: failure, pairedItem: { item } };
        }),
      run.stop,
    );
    return [results.flat()];
  }
}
