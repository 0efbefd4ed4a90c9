import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PACKAGES = ["core", "local", "cli", "mcp-server"];
/** What an install may take on disk, unpacked. */
const MAX_BYTES = 250_000_000;

/** Nothing of this repository or its settings reaches what was installed. */
const ENVIRONMENT = { PATH: process.env["PATH"] ?? "", HOME: "", SIGHTLINE_BACKEND: "none" };

let work = "";
const tarballs: string[] = [];

beforeAll(async () => {
  work = await mkdtemp(path.join(tmpdir(), "sightline-pack-"));
  ENVIRONMENT.HOME = path.join(work, "home");
  for (const name of PACKAGES) {
    await execute("npx", ["-y", "pnpm@12", "pack", "--pack-destination", work], { cwd: path.join(ROOT, "packages", name) });
  }
  tarballs.push(...(await readdir(work)).filter((file) => file.endsWith(".tgz")).map((file) => path.join(work, file)));
}, 120_000);
afterAll(() => rm(work, { recursive: true, force: true }));

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(path.join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}

describe.each([
  ["with install scripts off", ["--ignore-scripts"]],
  ["with install scripts on", []],
])("the packed packages, installed by npm %s", (name, flags) => {
  const folder = (): string => path.join(work, name.replaceAll(" ", "-"));
  const bin = (command: string): string => path.join(folder(), "node_modules/.bin", command);

  beforeAll(async () => {
    await cp(path.join(ROOT, "examples/samples"), path.join(folder(), "pictures"), { recursive: true });
    await writeFile(path.join(folder(), "package.json"), JSON.stringify({ private: true }));
    await execute("npm", ["install", "--no-audit", "--no-fund", ...flags, ...tarballs], { cwd: folder() });
  }, 240_000);

  it("take less than 250 MB", async () => {
    const modules = path.join(folder(), "node_modules");
    const bytes = await sizeOf(modules);
    const ours = await sizeOf(path.join(modules, "@sightline"));
    process.stderr.write(`Installed ${name}: ${(bytes / 1e6).toFixed(1)} MB unpacked, ${(ours / 1e6).toFixed(1)} MB of it ours\n`);
    expect(bytes).toBeLessThan(MAX_BYTES);
  });

  it("run sightline describe-image", async () => {
    const { stdout } = await execute(bin("sightline"), ["describe-image", "pictures/astronaut.png", "--json"], {
      cwd: folder(),
      env: ENVIRONMENT,
    });
    const output = JSON.parse(stdout) as { source: string; people: { box: object }[] };
    expect(output.source).toBe("embedded");
    expect(output.people.length).toBeGreaterThan(0);
  });

  it("run sightline-mcp", async () => {
    const transport = new StdioClientTransport({
      command: bin("sightline-mcp"),
      args: ["--allow", path.join(folder(), "pictures")],
      env: ENVIRONMENT,
    });
    const client = new Client({ name: "pack-test", version: "1.0.0" });
    await client.connect(transport);
    try {
      const { tools } = await client.listTools();
      expect(tools.map((tool) => tool.name)).toEqual(expect.arrayContaining(["describe_image", "extract_text", "ask_image"]));
      const result = await client.callTool({ name: "extract_text", arguments: { document: path.join(folder(), "pictures/receipt.png") } });
      expect(result.isError ?? false).toBe(false);
    } finally {
      await client.close();
    }
  });
});

describe("what is packed", () => {
  it("holds the built files and their licences, and neither sources, tests nor build state", async () => {
    for (const tarball of tarballs) {
      const { stdout } = await execute("tar", ["-tzf", tarball]);
      const files = stdout.trim().split("\n");
      expect(files.filter((file) => /\.test|\.tsbuildinfo$|\.map$|^package\/src\/|node_modules/.test(file))).toEqual([]);
      expect(files).toEqual(expect.arrayContaining(["package/package.json", "package/LICENSE"]));
    }
  });
});
