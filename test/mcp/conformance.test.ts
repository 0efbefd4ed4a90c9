import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { check, CONFORMANCE, HAS_CHECKERS } from "./checkers.ts";
import { loadSettings } from "../../packages/local/src/settings/index.ts";
import { registerFixtures } from "../../packages/mcp-server/src/http/conformance.test-fixtures.ts";
import { serveOverHttp } from "../../packages/mcp-server/src/http/serve.ts";
import { SERVER, startHttpServer } from "./connect.ts";

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

const STDERR = "logging/setLevel: what the operator should know goes to standard error; the protocol deprecates its own way of logging";
const NO_SESSION = "a server without sessions cannot ask a client for anything, and ours never does";
const UNCHANGING = "nothing of ours can be subscribed to: a stored file does not change";
const NO_TASKS = "an extension whose server side the SDK lacks: long work is answered with job handles of our own";

/** What fails with the fixtures registered, and why that is as it should be. */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "2025-11-25": {
    "logging-set-level": STDERR,
    "tools-call-with-logging": STDERR,
    "tools-call-sampling": NO_SESSION,
    "tools-call-elicitation": NO_SESSION,
    "elicitation-sep1034-defaults": NO_SESSION,
    "elicitation-sep1330-enums": NO_SESSION,
    "resources-subscribe": UNCHANGING,
    "resources-unsubscribe": UNCHANGING,
  },
  "2026-07-28": {
    "input-required-result-tampered-state": "no tool of ours hands out a request state that could come back changed",
    "tasks-capability-negotiation": NO_TASKS,
    "tasks-dispatch-and-envelope": NO_TASKS,
    "tasks-lifecycle": NO_TASKS,
    "tasks-mrtr-composition": NO_TASKS,
    "tasks-mrtr-input": NO_TASKS,
    "tasks-request-headers": NO_TASKS,
    "tasks-request-state-removal": NO_TASKS,
    "tasks-required-task-error": NO_TASKS,
    "tasks-wire-fields": NO_TASKS,
  },
};

async function failures(url: string, revision: string, output: string): Promise<Map<string, string[]>> {
  await check(CONFORMANCE, ["server", "--url", url, "--requirements", revision, "--output-dir", output]);
  const scenarios = new Map<string, string[]>();
  for (const folder of await readdir(output)) {
    const checks = JSON.parse(await readFile(path.join(output, folder, "checks.json"), "utf8")) as Check[];
    const bad = checks.filter(({ status, details }) => status === "FAILURE" && details?.untestable !== true);
    const scenario = folder.replace(/^server-/, "").replace(/-\d{4}-\d\d-\d\dT.*$/, "");
    scenarios.set(
      scenario,
      bad.map(({ id, errorMessage }) => `${id}: ${errorMessage ?? ""}`),
    );
  }
  return scenarios;
}

describe.skipIf(!HAS_CHECKERS)("the protocol's conformance suite (needs SIGHTLINE_MCP_CHECKERS)", () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), "sightline-conformance-"))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(Object.keys(APPLY))(
    "%s: every scenario that asks for no fixture passes on the real server",
    async (revision) => {
      const server = await startHttpServer();
      try {
        const found = await failures(`${server.origin}/mcp`, revision, path.join(folder, `real-${revision}`));
        for (const scenario of APPLY[revision] ?? []) expect(found.get(scenario), scenario).toEqual([]);
      } finally {
        await server.close();
      }
    },
    120_000,
  );

  it.each(Object.keys(EXPECTED))(
    "%s: with the suite's fixtures beside its tools, every scenario passes but those that are explained",
    async (revision) => {
      const settings = await loadSettings({ flags: { backend: "none" }, env: {} });
      let log = "";
      const program = { version: "0.0.0", assets: pathToFileURL(SERVER), log: (words: string) => void (log += `${words}\n`) };
      const serving = await serveOverHttp(settings, { host: "127.0.0.1", port: 0 }, program, registerFixtures);
      try {
        const url = /listening on (\S+)/.exec(log)?.[1] ?? "";
        const found = await failures(url, revision, path.join(folder, `fixtures-${revision}`));
        const failed = [...found].filter(([, bad]) => bad.length > 0);
        const unexpected = failed.filter(([scenario]) => !(scenario in (EXPECTED[revision] ?? {})));
        expect(Object.fromEntries(unexpected)).toEqual({});
        expect(failed.map(([scenario]) => scenario).toSorted()).toEqual(Object.keys(EXPECTED[revision] ?? {}).toSorted());
      } finally {
        await serving.close();
      }
    },
    120_000,
  );
});
