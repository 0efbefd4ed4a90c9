import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sniff } from "./sniff.ts";

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))));
const heic = bytes([0, 0, 0, 24], "ftypheic", [0, 0, 0, 0], "mif1heic");
const bmp = bytes(
  "BM",
  [70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0],
  Array.from({ length: 54 }, () => 0),
);

describe("sniff", () => {
  it.each<[string, Uint8Array, string, string | undefined]>([
    ["bare SVG", bytes('<svg xmlns="http://www.w3.org/2000/svg"/>'), "image", "image/svg+xml"],
    [
      "SVG behind a declaration, a comment and a document type",
      bytes('\uFEFF<?xml version="1.0"?>\n<!-- <html> -->\n<!DOCTYPE svg PUBLIC "x" "y" [<!ENTITY a "b">]>\n<svg/>'),
      "image",
      "image/svg+xml",
    ],
    ["text in UTF-16", Buffer.from("\uFEFFDear Sir or Madam", "utf16le"), "text", "text/plain"],
    ["SVG with a namespace prefix", bytes('<svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>'), "image", "image/svg+xml"],
    ["HEIC", heic, "image", "image/heic"],
    ["BMP", bmp, "image", "image/bmp"],
    ["PDF", bytes("%PDF-1.7\n%âãÏÓ\n"), "pdf", "application/pdf"],
    [
      "PDF behind the bytes of a download",
      Buffer.from("HTTP/1.1 200 OK\r\n\r\n\0\0%PDF-1.7\n%\xe2\xe3\n", "latin1"),
      "pdf",
      "application/pdf",
    ],
    ["m3u8", bytes("#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n"), "playlist", "application/vnd.apple.mpegurl"],
    ["plain text", bytes("Rechnung Nr. 17 über 20 €\n"), "text", "text/plain"],
    ["HTML that holds an svg", bytes("<!doctype html><body><svg/></body>"), "text", "text/html"],
    ["XML that is no SVG", bytes('<?xml version="1.0"?><Invoice/>'), "xml", "application/xml"],
    ["XML without a declaration", bytes('\n<ubl:Invoice xmlns:ubl="urn:oasis"/>'), "xml", "application/xml"],
    ["XML in UTF-16", Buffer.from('\uFEFF<?xml version="1.0"?><Invoice/>', "utf16le"), "xml", "application/xml"],
    [
      "XML in an old encoding",
      Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><Invoice>für</Invoice>', "latin1"),
      "xml",
      "application/xml",
    ],
    ["text with an arrow", bytes("<- see there"), "text", "text/plain"],
    [
      "a ZIP",
      bytes(
        "PK",
        [3, 4, 10, 0, 0, 0, 0, 0],
        Array.from({ length: 40 }, () => 0),
      ),
      "other",
      "application/zip",
    ],
    [
      "JPEG XL",
      bytes(
        [0xff, 0x0a],
        Array.from({ length: 40 }, () => 1),
      ),
      "unreadable-image",
      "image/jxl",
    ],
    ["random bytes", bytes([1, 2, 3, 250, 251, 0, 9]), "unknown", undefined],
  ])("tells %s", async (_, file, kind, mediaType) => {
    expect(await sniff(file)).toMatchObject({ kind, ...(mediaType === undefined ? {} : { mediaType }) });
  });

  it("cuts no character in half when the text is longer than its head", async () => {
    expect(await sniff(Buffer.from("x" + "ü".repeat(20_000)))).toMatchObject({ kind: "text" });
  });
});

const corpora = process.env["SIGHTLINE_CORPORA"] ?? "../shared/corpora";
const folder = join(corpora, "broken-images");
describe.skipIf(!existsSync(folder))("sniff on damaged pictures (needs corpora: set SIGHTLINE_CORPORA)", () => {
  it("never throws", async () => {
    for (const name of await readdir(folder)) {
      expect({ name, ...(await sniff(await readFile(join(folder, name)))) }).toHaveProperty("words");
    }
  });
});
