import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const read = (file: string): Promise<string> => readFile(fileURLToPath(new URL(`../../${file}`, import.meta.url)), "utf8");

/** What every install line comes to. */
const SERVER = { command: "npx", args: ["-y", "@sightline/mcp-server", "--allow", "/home/me/Pictures"] };

describe.each(["README.md", "packages/mcp-server/README.md"])("the install lines of %s", (file) => {
  it("say the same to each host", async () => {
    const text = await read(file);
    expect(text).toContain("claude mcp add sightline -- npx -y @sightline/mcp-server --allow ~/Pictures");
    const config = /\{\s*"mcpServers"[\s\S]*?\}\s*\}\s*\}/.exec(text)?.[0] ?? "";
    expect(JSON.parse(config)).toEqual({ mcpServers: { sightline: SERVER } });
    const code = /code --add-mcp '([^']+)'/.exec(text)?.[1] ?? "";
    expect(JSON.parse(code)).toEqual({ name: "sightline", ...SERVER });
    const link = new URL(/https:\/\/cursor\.com\/[^)\s]+/.exec(text)?.[0] ?? "");
    expect(link.searchParams.get("name")).toBe("sightline");
    expect(JSON.parse(Buffer.from(link.searchParams.get("config") ?? "", "base64").toString())).toEqual(SERVER);
  });
});

describe("server.json", () => {
  it("names this package and its version, as the registry's rules want", async () => {
    const own = JSON.parse(await read("packages/mcp-server/package.json"));
    const server = JSON.parse(await read("packages/mcp-server/server.json"));
    expect(server).toMatchObject({
      name: own.mcpName,
      version: own.version,
      packages: [{ identifier: own.name, version: own.version, transport: { type: "stdio" } }],
    });
    expect(server.name).toMatch(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/);
    expect(server.description.length).toBeLessThanOrEqual(100);
    const usage = await read("docs/settings.md");
    for (const { name } of server.packages[0].environmentVariables) expect(usage).toContain(`\`${name}\``);
  });
});
