/** The bundle for Claude Desktop that `npx -y pnpm@12 bundle` made, unpacked into an empty folder and started as that host starts it. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BUNDLE = path.join(ROOT, "dist/sightline.mcpb");
/** What people download, in bytes. */
const MAX_BYTES = 60_000_000;
const CORPORA = process.env["SIGHTLINE_CORPORA"] ?? path.join(ROOT, "../shared/corpora");
const INVOICE = "zugferd/XML-Rechnung__FX__EN16931_Einfach.pdf";

interface Manifest {
  readonly server: {
    readonly entry_point: string;
    readonly mcp_config: { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> };
  };
  readonly user_config: Readonly<Record<string, unknown>>;
  readonly tools: readonly { readonly name: string }[];
}

let work = "";
let unpacked = "";
let pictures = "";
let manifest: Manifest;

beforeAll(async () => {
  if (!existsSync(BUNDLE)) throw new Error(`${BUNDLE} is missing: run \`npx -y pnpm@12 bundle\` first`);
  work = await mkdtemp(path.join(tmpdir(), "sightline-mcpb-"));
  unpacked = path.join(work, "extension");
  pictures = path.join(work, "my pictures");
  await execute(path.join(ROOT, "node_modules/.bin/mcpb"), ["unpack", BUNDLE, unpacked]);
  await cp(path.join(ROOT, "examples/samples"), pictures, { recursive: true });
  manifest = JSON.parse(await readFile(path.join(unpacked, "manifest.json"), "utf8")) as Manifest;
}, 120_000);
afterAll(() => rm(work, { recursive: true, force: true }));

/**
 * The command as Claude Desktop makes it: a field of several folders becomes several arguments, an optional field that nobody filled in stays as it is
 * written.
 */
function started(nodeFlags: readonly string[] = []): StdioClientTransport {
  const { args, env } = manifest.server.mcp_config;
  const filled = args.flatMap((arg) => (arg === "${user_config.folders}" ? [pictures, work] : [arg.replace("${__dirname}", unpacked)]));
  return new StdioClientTransport({
    command: process.execPath,
    args: [...nodeFlags, ...filled],
    env: { ...env, HOME: path.join(work, "home") },
    stderr: "pipe",
    cwd: work,
  });
}

async function withServer(nodeFlags: readonly string[], use: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ name: "mcpb-test", version: "1.0.0" });
  await client.connect(started(nodeFlags));
  try {
    await use(client);
  } finally {
    await client.close();
  }
}

/** The answer of a tool; that of its job where it took longer than a call may. */
async function call(client: Client, name: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
  const result = await client.callTool({ name, arguments: input });
  expect(result.isError ?? false, JSON.stringify(result.content)).toBe(false);
  const answer = result.structuredContent as Record<string, unknown>;
  if (answer["job_id"] === undefined) return answer;
  if (name !== "get_job") return call(client, "get_job", { job_id: answer["job_id"] });
  if (answer["status"] !== "running" && answer["status"] !== "queued") return answer["result"] as Record<string, unknown>;
  return call(client, "get_job", { job_id: answer["job_id"] });
}

describe("the bundle", () => {
  it("is small, and holds no native code", async () => {
    expect((await stat(BUNDLE)).size).toBeLessThan(MAX_BYTES);
    const files = await readdir(unpacked, { recursive: true });
    expect(files.filter((file) => /\.(?:node|so|dylib|dll|exe)(?:\.\d+)*$/.test(file))).toEqual([]);
  });

  it("says what Claude Desktop asks for: folders, server and key, and the tools it brings", async () => {
    expect(Object.keys(manifest.user_config)).toEqual(["folders", "base_url", "model", "api_key"]);
    await withServer([], async (client) => {
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(manifest.tools.map(({ name }) => name)));
    });
  });

  it("keeps the licence of everything in it", async () => {
    const modules = path.join(unpacked, "server/node_modules");
    const names = (await readdir(modules)).flatMap((name) => (name.startsWith("@") ? [] : [name]));
    const without: string[] = [];
    for (const name of names) {
      const files = await readdir(path.join(modules, name));
      const { license } = JSON.parse(await readFile(path.join(modules, name, "package.json"), "utf8")) as { license?: string };
      if (license === undefined && !files.some((file) => /licen[cs]e/i.test(file))) without.push(name);
    }
    expect(without).toEqual([]);
  });
});

/** WebAssembly on one core of a busy machine. */
const TIMEOUT_MS = 240_000;

describe.each([
  ["on plain node", () => []],
  // A preload stands in for the host: its helper program cannot be started as node.
  ["where process.execPath is no node", (preload: string) => ["--import", pathToFileURL(preload).href]],
])("%s, with nothing else installed", { timeout: TIMEOUT_MS }, (_, flagsFor) => {
  let flags: string[] = [];
  beforeAll(async () => {
    const preload = path.join(work, "helper.mjs");
    await writeFile(preload, 'process.execPath = "/bin/false";\n');
    flags = flagsFor(preload);
  });

  it("describes a photo", () =>
    withServer(flags, async (client) => {
      const { source, people } = await call(client, "describe_image", { image: path.join(pictures, "astronaut.png") });
      expect(source).toBe("embedded");
      expect((people as unknown[]).length).toBe(1);
    }));

  it("reads a scan, with the letters of its language", () =>
    withServer(flags, async (client) => {
      const { text } = await call(client, "extract_text", { document: path.join(pictures, "invoice.png") });
      expect(text).toContain("Kältetechnik Größner GmbH");
      expect(text).toContain("848,23");
    }));

  it("reads an invoice off a scan", () =>
    withServer(flags, async (client) => {
      const { invoices } = await call(client, "extract_invoice", { document: path.join(pictures, "invoice.png") });
      expect(invoices).toMatchObject([
        { invoice: { number: "2026-0817", issue_date: "2026-11-19", totals: { gross: "848.23" } }, source: "ocr" },
      ]);
    }));

  it.skipIf(!existsSync(path.join(CORPORA, INVOICE)))("reads an invoice out of a PDF (needs the corpora: SIGHTLINE_CORPORA)", () =>
    withServer(flags, async (client) => {
      await cp(path.join(CORPORA, INVOICE), path.join(pictures, "invoice.pdf"));
      const { invoices } = await call(client, "extract_invoice", { document: path.join(pictures, "invoice.pdf") });
      expect(invoices).toMatchObject([{ invoice: { number: "471102", totals: { gross: "529.87" } }, source: "xml" }]);
      const { text } = await call(client, "extract_text", { document: path.join(pictures, "invoice.pdf"), pages: "1" });
      expect(text).toContain("471102");
    }),
  );
});
