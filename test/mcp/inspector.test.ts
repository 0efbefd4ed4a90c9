import path from "node:path";
import { describe, expect, it } from "vitest";
import { check, HAS_CHECKERS, INSPECTOR } from "./checkers.ts";
import { SAMPLES, SERVER } from "./connect.ts";

/** The target stands before the flags that take several values. */
const inspect = (era: string, ...args: string[]) =>
  check(INSPECTOR, [
    "--cli",
    process.execPath,
    SERVER,
    "--backend",
    "none",
    "--allow",
    SAMPLES,
    "--answer-within",
    "0.05",
    "--format",
    "json",
    "-q",
    "--protocol-era",
    era,
    ...args,
  ]);

describe.skipIf(!HAS_CHECKERS).each(["modern", "legacy"])("the inspector, %s era (needs SIGHTLINE_MCP_CHECKERS)", (era) => {
  it("finds nothing to warn of in the list of tools, --strict", async () => {
    const { code, out, err } = await inspect(era, "--method", "tools/list", "--strict");
    expect(code, out + err).toBe(0);
    expect(err).not.toMatch(/warn/i);
    expect((JSON.parse(out) as { result: { tools: unknown[] } }).result.tools.length).toBeGreaterThan(4);
  });

  it("finds the viewer on a tool that looks at a file, --app-info", async () => {
    const { code, out, err } = await inspect(era, "--method", "tools/call", "--tool-name", "describe_image", "--app-info");
    expect(code, out + err).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ appInfo: { hasApp: true } });
  });

  it("takes a long task's answer, which is a job", async () => {
    const { code, out, err } = await inspect(
      era,
      "--method",
      "tools/call",
      "--tool-name",
      "extract_text",
      "--tool-arg",
      `document=${path.join(SAMPLES, "receipt.png")}`,
    );
    expect(code, out + err).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ result: { structuredContent: { job_id: expect.any(String) } } });
  });
});
