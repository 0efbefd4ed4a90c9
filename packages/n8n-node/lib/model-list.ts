import { type ILoadOptionsFunctions, type INodeListSearchResult, NodeOperationError } from "n8n-workflow";
import { inspectServer } from "../bridge/core.ts";
import { n8nClock } from "./clock.ts";
import { toNodeError } from "./errors.ts";
import { modelServer, modelTransport } from "./model-way.ts";

/** How long a list of models may take, in ms. */
const LIST_MS = 15_000;

/** The models of the credential's server whose names hold `filter`; for pictures those that see, where the server says which do. */
async function listedModels(context: ILoadOptionsFunctions, filter: string): Promise<INodeListSearchResult> {
  try {
    const { preset, baseUrl, key } = await modelServer(context);
    const transport = modelTransport(context, { key }, LIST_MS, 0);
    const { models } = await inspectServer(preset.name, {
      baseUrl,
      transport,
      clock: n8nClock,
      ...(key === "" ? {} : { apiKey: "set-by-n8n" }),
    });
    if (models === undefined)
      throw new NodeOperationError(context.getNode(), "This server has no list of models: choose By ID and write its name.");
    const needsVision = context.getCurrentNodeParameter("resource") !== "text";
    const wanted = filter.toLowerCase();
    const results = models
      .filter(({ id, vision, chat }) => chat !== false && !(needsVision && vision === false) && id.toLowerCase().includes(wanted))
      .map(({ id }) => ({ name: id, value: id }));
    return { results };
  } catch (error) {
    throw toNodeError(context.getNode(), error, 0, { asked: "model", operations: {} });
  }
}

/** What the node's parameters name as `searchListMethod`. */
export const listSearch = {
  searchModels(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
    return listedModels(this, filter ?? "");
  },
};
