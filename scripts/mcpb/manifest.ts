import { tasks } from "../../packages/core/src/index.ts";
import { SETTINGS } from "../../packages/local/src/settings/index.ts";

/** Where the server's bin stands in the bundle. */
export const ENTRY_POINT = "server/node_modules/@sightline/mcp-server/dist/sightline-mcp.js";

export interface PackageFacts {
  readonly version: string;
  readonly license: string;
  readonly keywords: readonly string[];
}

/** What the settings of the server are called in Claude Desktop's form, and which variable hands each over. */
const FIELDS = {
  base_url: { setting: SETTINGS.baseUrl, title: "Address of a model server", sensitive: false },
  model: { setting: SETTINGS.model, title: "Vision model", sensitive: false },
  api_key: { setting: SETTINGS.apiKey, title: "Key of the model server", sensitive: true },
};

/** The bundle's manifest, in version 0.3 of https://github.com/anthropics/mcpb/blob/main/MANIFEST.md; its tools are the tasks an agent is offered. */
export function mcpbManifest({ version, license, keywords }: PackageFacts): object {
  return {
    manifest_version: "0.3",
    name: "sightline",
    display_name: "Sightline",
    version,
    description: "Eyes for Claude: describe pictures, read documents and invoices, find things, each answer with its evidence.",
    long_description:
      "Reads text, detects objects and reads invoices on this machine, with nothing else installed. Only files in the folders you choose are read. " +
      "With a vision model behind Ollama or any OpenAI-compatible server it understands more; pictures then go to that server and nowhere else.",
    author: { name: "The Sightline authors" },
    license,
    keywords,
    icon: "icon.png",
    server: {
      type: "node",
      entry_point: ENTRY_POINT,
      mcp_config: {
        command: "node",
        // Threads: Claude Desktop runs this inside a program whose executable is not node, so no child process can be started.
        args: [`\${__dirname}/${ENTRY_POINT}`, "--workers", "thread", "${user_config.folders}"],
        env: Object.fromEntries(Object.entries(FIELDS).map(([name, { setting }]) => [setting.env, `\${user_config.${name}}`])),
      },
    },
    tools: tasks.filter(({ doors }) => doors.includes("mcp")).map(({ name, description }) => ({ name, description })),
    // list_images, status and what comes with the server itself.
    tools_generated: true,
    prompts_generated: true,
    user_config: {
      folders: {
        type: "directory",
        title: "Folders it may read",
        description: "Pictures and documents in these folders, and below them, can be looked at. Nothing else is read.",
        multiple: true,
        required: true,
        default: ["${HOME}/Pictures", "${HOME}/Documents"],
      },
      ...Object.fromEntries(
        Object.entries(FIELDS).map(([name, { setting, title, sensitive }]) => [
          name,
          {
            type: "string",
            title,
            description: `${setting.description} Not needed for reading and detecting.`,
            required: false,
            sensitive,
          },
        ]),
      ),
    },
    compatibility: { platforms: ["darwin", "win32", "linux"], runtimes: { node: ">=20.19" } },
  };
}
