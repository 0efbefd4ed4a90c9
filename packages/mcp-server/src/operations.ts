/** What the server does besides the tasks. */
import { parseInput } from "@sightline/core";
import { renderStatus, statusSchema, type Status } from "@sightline/local/status";
import * as z from "zod";
import { cancelJob, getJob } from "./job-tools.ts";
import type { CallContext, Tool } from "./tool.ts";

interface Operation<Input extends z.ZodObject, Output extends z.ZodObject> extends Pick<Tool, "name" | "title" | "description" | "reach"> {
  readonly input: Input;
  readonly output: Output;
  run(input: z.output<Input>, call: CallContext): Promise<z.input<Output>>;
  render(output: z.output<Output>): string;
}

const status: Operation<z.ZodObject, typeof statusSchema> = {
  name: "status",
  title: "Status",
  description:
    "Says what is set up: model server and model, embedded abilities, allowed folders; what is missing and the command that mends it.",
  reach: "world",
  input: z.object({}),
  output: statusSchema,
  run: async (_, { host, signal }): Promise<Status> => (await host()).status({ signal }),
  render: renderStatus,
};

const listedImages = z.object({
  images: z
    .array(z.object({ path: z.string(), modified: z.string().describe("ISO 8601, UTC"), bytes: z.number(), media_type: z.string() }))
    .describe("Newest first"),
  warnings: z.array(z.string()),
});
const listImagesInput = z.object({ limit: z.int().min(1).max(100).default(20).describe("Most pictures to list") });

const listImages: Operation<typeof listImagesInput, typeof listedImages> = {
  name: "list_images",
  title: "List images",
  description:
    'Lists the newest pictures in the allowed folders with their paths, to find "the screenshot I just took" without asking the user to type a path.',
  reach: "machine",
  input: listImagesInput,
  output: listedImages,
  async run({ limit }, { host, signal }) {
    const { images, warnings } = await (await host()).listImages({ limit, signal });
    return {
      images: images.map(({ path, modified, bytes, mediaType }) => ({ path, modified, bytes, media_type: mediaType })),
      warnings: [...warnings],
    };
  },
  render({ images, warnings }) {
    const rows = images.map(({ path, modified, bytes }) => `${path} (${modified}, ${Math.ceil(bytes / 1000)} KB)`);
    return [...(rows.length === 0 ? ["No pictures found."] : rows), ...warnings.map((warning) => `[${warning}]`)].join("\n");
  },
};

function operationTool<Input extends z.ZodObject, Output extends z.ZodObject>(operation: Operation<Input, Output>): Tool {
  const { name, title, description, reach, input, output } = operation;
  return {
    name,
    title,
    description,
    reach,
    input,
    output,
    defaults: {},
    async call(args, call) {
      const answer = output.parse(await operation.run(parseInput(name, input, args), call));
      return { output: answer, render: (shown) => operation.render(shown as z.output<Output>) };
    },
  };
}

export const operations: readonly Tool[] = [operationTool(listImages), operationTool(status), getJob, cancelJob];
