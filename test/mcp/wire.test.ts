import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, SAMPLES, SERVER } from "./connect.ts";

interface Message {
  readonly jsonrpc?: string;
  readonly id?: number;
  readonly result?: { readonly isError?: boolean };
}

describe("the wire", () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), "sightline-wire-"))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("carries nothing but JSON-RPC, whatever libraries print", async () => {
    // Prints on every path a library has, from the first tick on and for as long as the process lives.
    const noise = path.join(folder, "noise.mjs");
    await writeFile(
      noise,
      `let left = 200;
       const print = () => {
         if (process.stdout.write === native && left === 200) return void setImmediate(print).unref();
         console.log("noise"); console.info("noise"); process.stdout.write("noise\\n"); process.emitWarning("noise " + left);
         if (left-- > 0) setTimeout(print, 5).unref();
       };
       const native = process.stdout.write;
       setImmediate(print).unref();`,
    );
    const damaged = path.join(folder, "damaged.png");
    const whole = await readFile(path.join(SAMPLES, "coffee.png"));
    await writeFile(damaged, whole.subarray(0, whole.length / 3));

    const child = spawn(process.execPath, ["--import", noise, SERVER, "--backend", "none", "--allow", SAMPLES, "--allow", folder], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    let log = "";
    child.stderr.on("data", (chunk: Buffer) => (log += chunk.toString()));
    const send = (message: object): void => void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    const call = (id: number, name: string, input: object): void =>
      send({ id, method: "tools/call", params: { name, arguments: input, _meta: { progressToken: id } } });
    send({
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
    });
    send({ method: "notifications/initialized" });
    send({ id: 2, method: "tools/list" });
    call(3, "describe_image", { image: path.join(SAMPLES, "coffee.png") });
    call(4, "extract_text", { document: damaged });
    call(5, "status", {});
    child.stdin.write("this is not JSON\n");

    const lines: string[] = [];
    const waiting = new Set([1, 2, 3, 4, 5]);
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      const { id } = JSON.parse(line) as Message;
      if (id !== undefined) waiting.delete(id);
      if (waiting.size === 0) child.stdin.end();
    }
    for (const line of lines) expect((JSON.parse(line) as Message).jsonrpc).toBe("2.0");
    expect(lines.length).toBeGreaterThan(5);
    expect(log).toContain("noise");
  });

  it.each([
    ["--help", /--allow DIR/],
    ["--version", /^\d+\.\d+\.\d+\n$/],
  ])("%s prints to standard output and ends", async (flag, says) => {
    const { code, out } = await run([flag]);
    expect(code).toBe(0);
    expect(out).toMatch(says);
  });

  it.each([
    ["an unknown flag", ["--alow", "/tmp"], 2, /--alow[\s\S]*--help/],
    ["a bad setting", ["--base-url", "localhost"], 3, /--base-url/],
  ])("%s ends it with words on standard error alone", async (_, args, expected, says) => {
    const { code, out, err } = await run(args);
    expect(code).toBe(expected);
    expect(out).toBe("");
    expect(err).toMatch(says);
  });
});
