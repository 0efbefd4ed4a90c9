import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorOf, runCli } from "../cli/run-cli.ts";
import { connect, type CallResult, type Connection } from "../mcp/connect.ts";
import { bodyOfPdf, writePdf } from "./write-pdf.ts";

/** Outside ASCII: old encryption takes it in another encoding than new one. */
const PASSWORD = "Grüße-aus-Köln";
const WORDS = "The meeting is at noon";

let folder = "";
let server: Connection;
const read = (name: string, input: Record<string, unknown> = {}): Promise<CallResult> =>
  server.call("extract_text", { document: path.join(folder, name), ...input });

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sightline-documents-"));
  const sound = await writePdf((pdf) => pdf.text(WORDS));
  const files: Record<string, Uint8Array | string> = {
    "sound.pdf": sound,
    "cut.pdf": sound.slice(0, 200),
    "empty.pdf": "",
    "letter.pdf": "Dear Sir or Madam,\n".repeat(50),
    "no-pages.pdf": bodyOfPdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"),
    // A stream that nothing refers to makes the size; 50 MB of zeros.
    "heavy.pdf": Buffer.concat([sound, Buffer.alloc(50_000_000)]),
    "vast.pdf": await writePdf((pdf) => pdf.fontSize(3000).text(WORDS), { size: [100_000, 100_000] }),
    "vast-blank.pdf": await writePdf((pdf) => pdf.rect(0, 0, 40_000, 40_000).fill(), { size: [100_000, 100_000] }),
    "vast.png": hollowPng(100_000, 100_000),
    "bomb.xml": entityBomb(),
  };
  for (const pdfVersion of ["1.3", "1.7", "1.7ext3"] as const)
    files[`locked-${pdfVersion}.pdf`] = await writePdf((pdf) => pdf.text(WORDS), {
      pdfVersion,
      userPassword: PASSWORD,
      ownerPassword: "another",
    });
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
  server = await connect({ args: ["--backend", "none", "--allow", folder] });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Ten references to the entity before, ten times over: 10^10 words where somebody follows them. */
function entityBomb(): string {
  const entities = Array.from({ length: 10 }, (_, index) => `<!ENTITY e${index + 1} "${`&e${index};`.repeat(10)}">`);
  return `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">${entities.join("")}]><x>&e10;</x>`;
}

/** A PNG whose header says that size; of its pixels there are none. */
function hollowPng(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    pngChunk("IHDR", header),
    pngChunk("IDAT", deflateSync(new Uint8Array(0))),
    pngChunk("IEND", new Uint8Array(0)),
  ]);
}

function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

describe("a document that cannot be used", () => {
  it.each<[string, string, Record<string, unknown>, RegExp]>([
    ["is encrypted, and no password was given", "locked-1.7.pdf", {}, /encrypted, and no password was given\.\n.*password/],
    ["is encrypted, and the password is wrong", "locked-1.7.pdf", { password: "Grusse" }, /the password that was given is wrong/],
    ["is cut off", "cut.pdf", {}, /damaged/],
    ["is empty", "empty.pdf", {}, /empty/],
    ["has no pages", "no-pages.pdf", {}, /without pages/],
    ["is a text called .pdf", "letter.pdf", {}, /letter\.pdf is text/],
    ["is a picture of 100000 x 100000 pixels", "vast.png", {}, /100000 x 100000 pixels/],
    ["is XML with an entity bomb", "bomb.xml", {}, /bomb\.xml is an XML file/],
    ["has no such page", "sound.pdf", { pages: "2-4" }, /has no page 2-4\.\n.*one page/],
    ["is asked for pages that are none", "sound.pdf", { pages: "first" }, /"first" names no pages\.\n.*"1-3,7"/],
  ])("%s: an InputError that says so", async (_, name, input, says) => {
    const { isError, text, data } = await read(name, input);
    expect({ isError, data }).toEqual({ isError: true, data: undefined });
    expect(text).toMatch(/^InputError: /);
    expect(text).toMatch(says);
    expect(text).not.toContain("Grusse");
  });

  it("leaves the server as it was", async () => expect(await read("sound.pdf")).toMatchObject({ isError: false, data: { text: WORDS } }));
});

describe("a document that is unusual", () => {
  it("is read with its password, whatever the encryption", async () => {
    for (const version of ["1.3", "1.7", "1.7ext3"])
      expect(await read(`locked-${version}.pdf`, { password: PASSWORD })).toMatchObject({ isError: false, data: { text: WORDS } });
  });

  it("is read with 50 MB", async () => expect(await read("heavy.pdf")).toMatchObject({ isError: false, data: { text: WORDS } }));

  it("is read with pages of 100000 x 100000 points, drawn no larger than can be held", async () => {
    expect(await read("vast.pdf")).toMatchObject({ isError: false, data: { text: WORDS } });
    const { isError, data } = await read("vast-blank.pdf");
    expect(isError).toBe(false);
    expect(data.warnings.join("\n")).toMatch(/made smaller: \d{4} x \d{4} pixels/);
  });
});

describe("a password in the settings", () => {
  it("opens what a call gives none for, and is shown nowhere", async () => {
    const env = { SIGHTLINE_DOCUMENT_PASSWORD: PASSWORD };
    const locked = path.join(folder, "locked-1.7.pdf");
    expect(await runCli(["extract-text", locked], { env })).toMatchObject({ code: 0, stdout: `${WORDS}\n` });

    const outcomes = await Promise.all([
      runCli(["extract-text", locked, "--json"], { env }),
      runCli(["extract-text", locked, "--password", `${PASSWORD}!`, "--json"]),
      runCli(["extract-text", locked, "--document-password", `${PASSWORD}!`, "--json"]),
      runCli(["extract-text", locked, "--document-password", PASSWORD.repeat(10)]),
      runCli(["status", "--json"], { env }),
      runCli(["status", "--document-password", PASSWORD]),
    ]);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 2, 2, 3, 0, 0]);
    expect(errorOf(outcomes[1])).toMatchObject({ kind: "InputError", message: expect.stringContaining("wrong") });
    expect(JSON.stringify(outcomes)).not.toContain("Gr");
  });
});
