/** What hosts of MCP Apps ask for, over the protocol; how it looks is test/viewer's. */
import path from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, ERAS, SAMPLES, type Connection } from "./connect.ts";

const view = (reference: string, page = 1): string => `sightline://view?reference=${encodeURIComponent(reference)}&page=${page}`;

describe.each(ERAS)("the viewer, to a %s", (era) => {
  let server: Connection;
  beforeAll(async () => void (server = await connect({ era })));
  afterAll(() => server.close());

  it("is named by every tool that looks at a file, and by no other", async () => {
    const tools = await server.listTools();
    const shown = tools.filter(({ _meta }) => _meta !== undefined);
    for (const { _meta } of shown) expect(_meta).toEqual({ ui: { resourceUri: "ui://viewer" } });
    expect(tools.filter((tool) => !shown.includes(tool)).map(({ name }) => name)).toEqual([
      "list_images",
      "status",
      "get_job",
      "cancel_job",
    ]);
  });

  it("is a page that loads nothing, under 1 MB", async () => {
    const { mimeType, text = "" } = await server.readResource("ui://viewer");
    expect(mimeType).toBe("text/html;profile=mcp-app");
    expect(text).toContain("default-src 'none'");
    expect(text).toContain("connect-src 'none'");
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
  });

  it("is handed pages as pictures, with the size that boxes count in", async () => {
    const document = path.join(SAMPLES, "invoice.pdf");
    const { mimeType, blob = "", _meta } = await server.readResource(view(document));
    const { width, height, format } = await sharp(Buffer.from(blob, "base64")).metadata();
    expect(mimeType).toBe(`image/${format}`);
    const page = _meta?.["io.github.sightline/page"] as { width: number; height: number; pages: number };
    const { data } = await server.call("extract_text", { document });
    expect(page).toEqual({ width: data.pages[0].width, height: data.pages[0].height, pages: 1 });
    expect(width / height).toBeCloseTo(page.width / page.height, 2);
  });

  it.each([
    ["a file outside the allowed folders", view("/etc/hostname"), /allowed|outside/],
    ["a page that is not there", view(path.join(SAMPLES, "invoice.pdf"), 2), /no page 2/],
    ["a file that is none", view(path.join(SAMPLES, "nowhere.png")), /nowhere\.png/],
  ])("is refused %s, in words", async (_, uri, words) => {
    await expect(server.readResource(uri)).rejects.toThrow(words);
  });
});
