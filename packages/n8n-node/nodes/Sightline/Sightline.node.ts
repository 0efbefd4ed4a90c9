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
import { type Failure, openRun, type Run } from "../../lib/run.ts";
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
    const failed = (item: number, { error, operation, facts = {} }: Failure, cancelled: boolean): INodeExecutionData => {
      const failure = toNodeError(this.getNode(), error, item, { asked, operations, operation });
      failure.context = { ...failure.context, ...facts };
      // Of a failure the next node gets the message alone, and so does an agent.
      if (continues || this.isToolExecution()) failure.message = [failure.message, failure.description].filter(Boolean).join(" ");
      // Cancelled is cancelled, whatever was to happen on failures.
      if (!continues || cancelled) throw failure;
      return { json: { error: failure.message }, error: failure, pairedItem: { item } };
    };
    let run: Run;
    try {
      run = await openRun(this, operations);
    } catch (error) {
      // Thrown, n8n would hand on the input as if it were the output where the node continues on failures.
      return [items.map((_, item) => failed(item, { error }, false))];
    }
    const results = await inOrder(
      items.length,
      run.concurrency,
      (item) => run.item(item, (failure) => failed(item, failure, run.cancelled())),
      run.stop,
    );
    return [results.flat()];
  }
}
