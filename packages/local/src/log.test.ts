import { describe, expect, it } from "vitest";
import { createLog, type LogFormat } from "./log.ts";

function logged(format: LogFormat, ...told: [words: string, error?: unknown]): string {
  let out = "";
  createLog({ write: (text) => (out += text) }, "sightline", format)(...told);
  return out;
}

describe("createLog", () => {
  it("tells a person in words, with all that is known of a defect", () => {
    expect(logged("words", "listening")).toBe("sightline: listening\n");
    expect(logged("words", "a defect", new TypeError("no function"))).toMatch(/^sightline: a defect: TypeError: no function\n +at /);
  });

  it("tells a collector in one line of JSON, where a defect was thrown and none of its words", () => {
    const error = Object.assign(new SyntaxError('Unexpected token in "Total 1,234.00 EUR"\n    at /Total/ of the page'), {
      key: "nv-secret",
    });
    const line = logged("json", "a\ndefect", error);
    expect(line.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(line)).toMatchObject({ level: "error", program: "sightline", message: "a\ndefect", error: "SyntaxError" });
    expect((JSON.parse(line) as { at: string[] }).at[0]).toMatch(/log\.test\.ts:\d+:\d+$/);
    expect(line).not.toMatch(/Total|nv-secret/);
    expect(JSON.parse(logged("json", "listening"))).toEqual({
      time: expect.any(String) as string,
      level: "info",
      program: "sightline",
      message: "listening",
    });
  });
});
