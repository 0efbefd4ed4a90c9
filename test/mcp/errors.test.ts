import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, SAMPLES, type Connection } from "./connect.ts";

describe("errors", () => {
  let folder: string;
  let server: Connection;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "sightline-errors-"));
    await writeFile(path.join(folder, "letter.jpg"), "Dear Sir or Madam,\n".repeat(50));
    await symlink("/etc/hostname", path.join(folder, "link.png"));
    server = await connect({ args: ["--backend", "none", "--allow", SAMPLES, "--allow", folder] });
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const receipt = path.join(SAMPLES, "receipt.png");
  const cases: [what: string, tool: string, input: () => Record<string, unknown>, says: RegExp][] = [
    ["a missing file", "describe_image", () => ({ image: path.join(SAMPLES, "gone.png") }), /^InputError: .*gone\.png/],
    ["a file outside the folders", "describe_image", () => ({ image: "/etc/hostname" }), /^InputError: (?=[\s\S]*allow)/],
    ["a link that leads outside", "describe_image", () => ({ image: path.join(folder, "link.png") }), /^InputError: (?=[\s\S]*allow)/],
    ["a text named .jpg", "describe_image", () => ({ image: path.join(folder, "letter.jpg") }), /^InputError: .*letter\.jpg/],
    ["a folder", "extract_text", () => ({ document: folder }), /^InputError: .*folder/],
    [
      "a chat host's sandbox path",
      "describe_image",
      () => ({ image: "/mnt/user-data/uploads/cat.png" }),
      /^InputError: (?=[\s\S]*save)(?=[\s\S]*examples\/samples)/i,
    ],
    ["a private address", "describe_image", () => ({ image: "http://169.254.169.254/latest" }), /^InputError: /],
    [
      "an unknown field",
      "extract_text",
      () => ({ document: receipt, dpi: 300 }),
      /^InputError: extract_text: (?=[\s\S]*dpi)[\s\S]*\nextract_text takes document, format, pages, reader, language, evidence, password\./,
    ],
    [
      "a wrong value",
      "extract_text",
      () => ({ document: receipt, format: "html" }),
      /^InputError: extract_text: (?=[\s\S]*format)(?=[\s\S]*markdown)/,
    ],
    ["a missing field", "describe_image", () => ({}), /^InputError: describe_image: (?=[\s\S]*image)/],
    [
      "an unknown field of an operation",
      "status",
      () => ({ verbose: true }),
      /^InputError: status: (?=[\s\S]*verbose)[\s\S]*takes no fields\./,
    ],
    [
      "a question without a model",
      "ask_image",
      () => ({ images: [receipt], question: "Which store?" }),
      /^SetupError: (?=[\s\S]*ollama)(?=[\s\S]*base.url)/i,
    ],
  ];

  it.each(cases)("%s is answered in words that say what to do", async (_, tool, input, says) => {
    const { isError, text, data } = await server.call(tool, input());
    expect(isError).toBe(true);
    expect(text).toMatch(says);
    expect(data).toBeUndefined();
  });

  it("serves the next call as if nothing had been", async () => {
    const { isError, text } = await server.call("extract_text", { document: path.join(SAMPLES, "coffee.png") });
    expect(isError, text).toBe(false);
  });

  it("has no folder to read from when none was allowed", async () => {
    const bare = await connect({ args: ["--backend", "none"], env: { SIGHTLINE_ALLOW: "" } });
    try {
      const { isError, text } = await bare.call("describe_image", { image: receipt });
      expect(isError).toBe(true);
      expect(text).toMatch(/--allow/);
    } finally {
      await bare.close();
    }
  });
});
