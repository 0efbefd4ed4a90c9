import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** A real n8n with the packed node installed, spoken to as its editor does. */

const execute = promisify(execFile);
/** Where real documents are; tests that need them are skipped without. */
export const CORPORA = process.env["SIGHTLINE_CORPORA"] ?? fileURLToPath(new URL("../../../shared/corpora", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const NODE_PACKAGE = path.join(ROOT, "packages/n8n-node");
export const TOOLS = path.join(ROOT, "test/tools");

/** Where n8n itself is kept from run to run. */
export const CACHE =
  process.env["SIGHTLINE_N8N"] ?? path.join(process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache"), "sightline-ci/n8n");

const OWNER = { email: "owner@example.com", password: "Secret-123" };
/** bcrypt of the password: n8n takes its owner's from the environment so. */
const OWNER_HASH = "$2a$04$snB/EV5Y2wWNduBjXYG2OerHODh2JgXnTvdmoFFKc6mi1IuPHZmWW";

/** How long a start may take, in ms: the first one of a new home makes the database. */
const START_MS = 300_000;

export interface N8n extends N8nFacts {
  request<Answer = unknown>(method: string, address: string, body?: unknown): Promise<Answer>;
  /** Creates a credential; returns its id. */
  credential(name: string, type: string, data: object): Promise<string>;
  /** What the button "Test" of a credential says. */
  testCredential(id: string, name: string, type: string, data: object): Promise<{ readonly status: string; readonly message: string }>;
  /** Imports a workflow, with credentials by name put in where its nodes name their type. Returns its id. */
  saved(flow: Workflow, credentials: Readonly<Record<string, string>>): Promise<string>;
  /** Imports a workflow and publishes it. Returns its id. */
  workflow(flow: Workflow, credentials: Readonly<Record<string, string>>): Promise<string>;
  /** The data of the newest execution that has ended of a workflow, waited for. `after` skips those up to this id. */
  execution(workflowId: string, after?: number): Promise<Execution>;
  /** The id of an execution of this workflow that is under way, waited for. */
  running(workflowId: string): Promise<string>;
  /** Posts files to the webhook of a published workflow and waits for its answer; publishing ends before the webhook is there. */
  post(
    webhook: string,
    files: Readonly<Record<string, NamedFile>>,
  ): Promise<{ readonly status: number; readonly items: Record<string, unknown>[] }>;
}

export interface WorkflowNode {
  readonly name: string;
  readonly type: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly credentials?: Readonly<Record<string, unknown>>;
}

export interface Workflow {
  readonly name: string;
  readonly nodes: readonly WorkflowNode[];
  readonly connections: object;
}

const UNDER_WAY: ReadonlySet<string> = new Set(["running", "new", "waiting"]);

export interface NamedFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface Item {
  readonly json: Record<string, unknown>;
  readonly binary?: Readonly<Record<string, { readonly mimeType: string; readonly fileName?: string }>>;
  readonly pairedItem?: { readonly item: number } | readonly { readonly item: number }[];
  readonly error?: { readonly message: string; readonly description?: string; readonly context?: Readonly<Record<string, unknown>> };
}

export interface Execution {
  readonly id: number;
  readonly status: string;
  readonly startedAt: string;
  readonly stoppedAt: string;
  /** How long a node's last run took, in ms. */
  runMs(node: string): number;
  /** The items of each output of a node's last run. */
  outputs(node: string): Item[][];
  readonly error: { readonly message: string; readonly description?: string } | undefined;
  /** All of it, as n8n keeps it. */
  readonly raw: string;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Packs the node as `npm publish` would; returns the tarball. `prepack` builds it. */
async function packNode(folder: string): Promise<string> {
  await execute("npm", ["pack", "--pack-destination", folder], { cwd: NODE_PACKAGE });
  const tarball = (await readdir(folder)).find((file) => file.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm pack made no tarball");
  return path.join(folder, tarball);
}

/** Where a running n8n is. */
export interface N8nFacts {
  readonly url: string;
  readonly home: string;
  /** The packed node, as it was installed. */
  readonly tarball: string;
  readonly pid: number;
  /** The cookie of the owner's session. */
  readonly cookie: string;
}

/** Starts n8n on a home of its own, with the packed node in it. */
export async function startN8n(): Promise<N8nFacts & { close(): Promise<void> }> {
  const { stdout } = await execute(path.join(TOOLS, "real-n8n.sh"), ["install", CACHE], { maxBuffer: 1e8 });
  const [node = "", n8n = ""] = stdout.trim().split(" ");
  const home = await mkdtemp(path.join(tmpdir(), "sightline-n8n-"));
  const tarball = await packNode(home);
  const modules = path.join(home, ".n8n/nodes/node_modules/n8n-nodes-sightline");
  await mkdir(modules, { recursive: true });
  await execute("tar", ["-xzf", tarball, "-C", modules, "--strip-components=1"]);

  const port = await freePort();
  const child = spawn(node, [n8n, "start"], {
    cwd: home,
    stdio: ["ignore", "pipe", "pipe"],
    env: environment(path.dirname(node), home, port, await freePort()),
  });
  await editorUp(child, path.join(home, "n8n.log")).catch((error: unknown) => {
    child.kill("SIGKILL");
    throw error;
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    home,
    tarball,
    pid: child.pid ?? 0,
    cookie: await logIn(url),
    async close() {
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGKILL");
      await ended;
      await rm(home, { recursive: true, force: true });
    },
  };
}

function environment(bin: string, home: string, port: number, brokerPort: number): NodeJS.ProcessEnv {
  return {
    PATH: `${bin}:${process.env["PATH"] ?? ""}`,
    HOME: home,
    N8N_USER_FOLDER: home,
    N8N_HOST: "127.0.0.1",
    N8N_LISTEN_ADDRESS: "127.0.0.1",
    N8N_PORT: String(port),
    N8N_RUNNERS_BROKER_PORT: String(brokerPort),
    N8N_PROTOCOL: "http",
    N8N_SECURE_COOKIE: "false",
    N8N_ENCRYPTION_KEY: randomBytes(16).toString("hex"),
    N8N_DIAGNOSTICS_ENABLED: "false",
    N8N_VERSION_NOTIFICATIONS_ENABLED: "false",
    N8N_TEMPLATES_ENABLED: "false",
    N8N_PERSONALIZATION_ENABLED: "false",
    N8N_PYTHON_ENABLED: "false",
    N8N_INSTANCE_OWNER_MANAGED_BY_ENV: "true",
    N8N_INSTANCE_OWNER_EMAIL: OWNER.email,
    N8N_INSTANCE_OWNER_FIRST_NAME: "O",
    N8N_INSTANCE_OWNER_LAST_NAME: "W",
    N8N_INSTANCE_OWNER_PASSWORD_HASH: OWNER_HASH,
  };
}

/** Resolves once the editor can be used: /healthz says so too early. */
function editorUp(child: ChildProcess, log: string): Promise<void> {
  const file = createWriteStream(log);
  return new Promise((resolve, reject) => {
    const failed = (why: string): void => reject(new Error(`n8n did not come up (${why}): ${log}`));
    const late = setTimeout(() => failed(`not within ${START_MS / 1000} s`), START_MS);
    let said = "";
    const read = (piece: Buffer): void => {
      file.write(piece);
      said = (said + piece.toString("utf8")).slice(-2000);
      if (!said.includes("Editor is now accessible")) return;
      clearTimeout(late);
      resolve();
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) => failed(`exit code ${code}: ${said.slice(-500)}`));
  });
}

async function logIn(url: string): Promise<string> {
  const response = await fetch(`${url}/rest/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ emailOrLdapLoginId: OWNER.email, password: OWNER.password }),
  });
  if (!response.ok) throw new Error(`n8n refuses its owner: HTTP ${response.status} ${await response.text()}`);
  return response.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
}

/** Speaks to a running n8n as its editor does. */
export function connectN8n(facts: N8nFacts): N8n {
  const { url, cookie } = facts;

  async function request<Answer>(method: string, address: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${url}${address}`, {
      method,
      headers: { cookie, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${address}: HTTP ${response.status} ${text.slice(0, 1000)}`);
    return (text === "" ? undefined : (JSON.parse(text) as { data: Answer }).data) as Answer;
  }

  async function seen(workflowId: string, wanted: (execution: { id: string; status: string }) => boolean): Promise<string> {
    const filter = encodeURIComponent(JSON.stringify({ workflowId }));
    const until = Date.now() + 60_000;
    for (;;) {
      const { results, current = [] } = await request<Record<"results" | "current", { id: string; status: string }[] | undefined>>(
        "GET",
        `/rest/executions?limit=5&filter=${filter}`,
      );
      const found = [...(results ?? []), ...current].find(wanted);
      if (found !== undefined) return found.id;
      if (Date.now() > until) throw new Error(`no such execution of workflow ${workflowId}: ${JSON.stringify(results)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async function imported(flow: Workflow, credentials: Readonly<Record<string, string>>): Promise<{ id: string; versionId: string }> {
    const nodes = flow.nodes.map((node) => ({
      ...node,
      ...(node.credentials === undefined
        ? {}
        : {
            credentials: Object.fromEntries(Object.keys(node.credentials).map((type) => [type, { id: credentials[type], name: type }])),
          }),
    }));
    return request("POST", "/rest/workflows", { ...flow, nodes, settings: { executionOrder: "v1" } });
  }

  return {
    ...facts,
    request,
    async credential(name, type, data) {
      return (await request<{ id: string }>("POST", "/rest/credentials", { name, type, data })).id;
    },
    testCredential: (id, name, type, data) => request("POST", "/rest/credentials/test", { credentials: { id, name, type, data } }),
    saved: async (flow, credentials) => (await imported(flow, credentials)).id,
    async workflow(flow, credentials) {
      const { id, versionId } = await imported(flow, credentials);
      await request("POST", `/rest/workflows/${id}/activate`, { versionId });
      return id;
    },
    execution: async (workflowId, after = 0) => {
      const id = await seen(workflowId, (execution) => Number(execution.id) > after && !UNDER_WAY.has(execution.status));
      return executionOf(await request("GET", `/rest/executions/${id}`));
    },
    running: (workflowId) => seen(workflowId, ({ status }) => status === "running"),
    async post(webhook, files) {
      const form = new FormData();
      for (const [field, { name, type, bytes }] of Object.entries(files)) {
        form.append(field, new Blob([bytes as Uint8Array<ArrayBuffer>], { type }), name);
      }
      for (let waits = 0; ; waits++) {
        const response = await fetch(`${url}/webhook/${webhook}`, { method: "POST", body: form });
        const text = await response.text();
        const isThere = response.status !== 404 || !text.includes("not registered");
        if (isThere || waits > 100) return { status: response.status, items: [JSON.parse(text) as Record<string, unknown>].flat() };
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
  };
}

interface RawExecution {
  readonly id: string;
  readonly status: string;
  readonly startedAt: string;
  readonly stoppedAt: string;
  readonly data: string;
}

/** n8n keeps an execution flattened (npm `flatted`): every value a place in a list, and texts that are numbers point into it. */
function executionOf({ id, status, startedAt, stoppedAt, data }: RawExecution): Execution {
  const places = JSON.parse(data) as unknown[];
  const made = new Map<string, unknown>();
  const at = (place: string): unknown => {
    if (made.has(place)) return made.get(place);
    const value = places[Number(place)];
    if (typeof value !== "object" || value === null) return value;
    const whole: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
    made.set(place, whole);
    for (const [key, each] of Object.entries(value)) (whole as Record<string, unknown>)[key] = typeof each === "string" ? at(each) : each;
    return whole;
  };
  const { resultData } = at("0") as {
    resultData: {
      runData: Record<string, { executionTime: number; data?: { main?: (Item[] | null)[] } }[]>;
      error?: { message: string; description?: string };
    };
  };
  return {
    id: Number(id),
    status,
    startedAt,
    stoppedAt,
    raw: data,
    error: resultData.error,
    runMs: (node) => resultData.runData[node]?.at(-1)?.executionTime ?? 0,
    outputs: (node) => (resultData.runData[node]?.at(-1)?.data?.main ?? []).map((items) => items ?? []),
  };
}
