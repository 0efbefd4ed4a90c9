import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { check, CONFORMANCE, HAS_CHECKERS } from "./checkers.ts";
import { startHttpServer, type HttpServer } from "./connect.ts";

/** What each revision of the protocol asks of a server, as its own suite tests it. */
interface Check {
  readonly id: string;
  readonly status: "SUCCESS" | "FAILURE" | "WARNING" | "SKIPPED" | "INFO";
  readonly errorMessage?: string;
  /** `untestable`: the suite misses one of its own fixture tools, `test_…`, which no real server has. */
  readonly details?: { readonly untestable?: boolean };
}

/** The scenarios that ask for no fixture of the suite's own. */
const APPLY: Readonly<Record<string, readonly string[]>> = {
  "2025-11-25": [
    "server-initialize",
    "ping",
    "tools-list",
    "prompts-list",
    "resources-list",
    "dns-rebinding-protection",
    "server-session-lifecycle",
    "server-sse-multiple-streams",
    "server-sse-polling",
  ],
  "2026-07-28": [
    "server-stateless",
    "tools-list",
    "prompts-list",
    "resources-list",
    "caching",
    "http-header-validation",
    "dns-rebinding-protection",
    "sep-2164-resource-not-found",
    "server-sse-multiple-streams",
    "input-required-result-unsupported-methods",
  ],
};

describe.skipIf(!HAS_CHECKERS)("the protocol's conformance suite, on the real server (needs SIGHTLINE_MCP_CHECKERS)", () => {
  let folder: string;
  let server: HttpServer;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "sightline-conformance-"));
    server = await startHttpServer();
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(Object.keys(APPLY))(
    "%s: every scenario that applies",
    async (revision) => {
      const output = path.join(folder, revision);
      await check(CONFORMANCE, ["server", "--url", `${server.origin}/mcp`, "--requirements", revision, "--output-dir", output]);
      const folders = await readdir(output);
      const failed: string[] = [];
      for (const scenario of APPLY[revision] ?? []) {
        const results = folders.find((name) => name.replace(/-\d{4}-\d\d-\d\dT.*$/, "") === `server-${scenario}`);
        expect(results, `${scenario} was run`).toBeDefined();
        const checks = JSON.parse(await readFile(path.join(output, results ?? "", "checks.json"), "utf8")) as Check[];
        const bad = checks.filter(({ status, details }) => status === "FAILURE" && details?.untestable !== true);
        failed.push(...bad.map(({ id, errorMessage }) => `${scenario}: ${id}: ${errorMessage ?? ""}`));
      }
      expect(failed).toEqual([]);
    },
    120_000,
  );
});
