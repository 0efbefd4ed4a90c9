import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { CACHE, NODE_PACKAGE, TOOLS } from "./n8n.ts";

const execute = promisify(execFile);

/** Most bytes of the published JavaScript. */
const MAX_BYTES = 1_500_000;

/** Runs the scanner as its own program does: inside a test run its rules take files for their own fixtures. */
const SCAN = `
  const [module, folder, kind] = process.argv.slice(1);
  const { analyzePackage, SOURCE_FILE_PATTERNS } = await import(module);
  // What is published is scanned by these patterns, the sources by its own.
  process.stdout.write(JSON.stringify(await analyzePackage(folder, kind === "sources" ? SOURCE_FILE_PATTERNS : ["**/*.js", "package.json"])));
`;

let scanner = "";
let packed = "";

beforeAll(async () => {
  const { stdout } = await execute(path.join(TOOLS, "real-n8n.sh"), ["scanner", path.join(CACHE, "scanner")], { maxBuffer: 1e8 });
  scanner = stdout.trim();
  packed = await mkdtemp(path.join(tmpdir(), "sightline-packed-"));
  await execute("tar", ["-xzf", inject("n8n").tarball, "-C", packed, "--strip-components=1"]);
}, 300_000);
afterAll(() => rm(packed, { recursive: true, force: true }));

async function scan(folder: string, kind: "sources" | "package"): Promise<unknown> {
  const { NODE_ENV: _, ...env } = process.env;
  const { stdout } = await execute(process.execPath, ["--input-type=module", "--eval", SCAN, scanner, folder, kind], { env });
  return JSON.parse(stdout);
}

describe("n8n's own scanner", () => {
  it("finds nothing in the sources", async () => {
    expect(await scan(NODE_PACKAGE, "sources")).toEqual({ passed: true });
  });

  it("finds nothing in the packed package", async () => {
    expect(await scan(packed, "package")).toEqual({ passed: true });
  });
});

describe("what is packed", () => {
  it("is small, and nothing but what n8n loads", async () => {
    const files = (await readdir(packed, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const paths = files.map((entry) => path.relative(packed, path.join(entry.parentPath, entry.name)));
    expect(paths.filter((file) => !/^(?:dist\/|package\.json$|README\.md$|LICENSE$)/.test(file) || /\.(?:ts|map)$/.test(file))).toEqual([]);
    const scripts = paths.filter((file) => file.endsWith(".js"));
    const sizes = await Promise.all(scripts.map(async (file) => (await stat(path.join(packed, file))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_BYTES);
  });
});
