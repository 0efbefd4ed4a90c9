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

interface Scanner {
  readonly SOURCE_FILE_PATTERNS: readonly string[];
  analyzePackage(
    folder: string,
    patterns: readonly string[],
  ): Promise<{ readonly passed: boolean; readonly message?: string; readonly details?: string }>;
}

let scanner: Scanner;
let packed = "";

beforeAll(async () => {
  const { stdout } = await execute(path.join(TOOLS, "real-n8n.sh"), ["scanner", path.join(CACHE, "scanner")], { maxBuffer: 1e8 });
  scanner = (await import(stdout.trim())) as Scanner;
  packed = await mkdtemp(path.join(tmpdir(), "sightline-packed-"));
  await execute("tar", ["-xzf", inject("n8n").tarball, "-C", packed, "--strip-components=1"]);
}, 300_000);
afterAll(() => rm(packed, { recursive: true, force: true }));

describe("n8n's own scanner", () => {
  it("finds nothing in the sources", async () => {
    expect(await scanner.analyzePackage(NODE_PACKAGE, scanner.SOURCE_FILE_PATTERNS)).toEqual({ passed: true });
  });

  it("finds nothing in the packed package", async () => {
    // As it scans what was published.
    expect(await scanner.analyzePackage(packed, ["**/*.js", "package.json"])).toEqual({ passed: true });
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
