import { ResourceTemplate, type McpServer } from "@modelcontextprotocol/server";
import type { Host } from "../host.ts";
import type { Links } from "../links.ts";
import { MAX_PICTURE_BYTES } from "../policy.ts";
import type { Assets } from "./assets.ts";

/** The MCP App that shows answers, as tools name it. */
export const VIEWER_URI = "ui://viewer";

/** What hosts know an MCP App by. */
const APP_TYPE = "text/html;profile=mcp-app";

/** Where a page's picture says how large the page is in full resolution, and how many pages there are: boxes count in those pixels. */
const PAGE_KEY = "io.github.sightline/page";

interface ViewerSettings {
  readonly assets: Assets;
  readonly links: Links;
  host(): Promise<Host>;
}

/** The viewer for hosts that show MCP Apps, and the pictures it asks them for. Hosts that show none never ask, and nothing is made for them. */
export function registerViewer(server: McpServer, { assets, links, host }: ViewerSettings): void {
  server.registerResource(
    "viewer",
    VIEWER_URI,
    { title: "Viewer", description: "Shows a tool's answer beside the picture that it is about.", mimeType: APP_TYPE },
    async ({ href }) => ({
      contents: [
        {
          uri: href,
          mimeType: APP_TYPE,
          text: await assets.page("app"),
          _meta: { ui: { prefersBorder: true, csp: { resourceDomains: [], connectDomains: [] } } },
        },
      ],
    }),
  );
  server.registerResource(
    "view",
    new ResourceTemplate("sightline://view{?reference,page}", { list: undefined }),
    {
      title: "Page as a picture",
      description:
        "A picture, or a page of a document, upright and at most 700 KB, for people to look at. Files are named as in a tool's input.",
      mimeType: "image/jpeg",
    },
    async (uri, _, { mcpReq }) => {
      const { searchParams, href } = uri;
      // Loaded by the first page that is looked at.
      const { pagePicture } = await import("./page-picture.ts");
      const { bytes, mediaType, ...page } = await pagePicture(
        await host(),
        { reference: links.toHandle(searchParams.get("reference") ?? ""), page: Number(searchParams.get("page") ?? 1) },
        { maxBytes: MAX_PICTURE_BYTES, signal: mcpReq.signal },
      );
      return { contents: [{ uri: href, mimeType: mediaType, blob: Buffer.from(bytes).toString("base64"), _meta: { [PAGE_KEY]: page } }] };
    },
  );
}
