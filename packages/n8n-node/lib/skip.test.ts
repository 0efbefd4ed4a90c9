import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { kindOf } from "./kind.ts";
import { reasonToSkip } from "./skip.ts";

const picture = (width: number, height: number, format: "png" | "jpeg" | "webp" = "png"): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: "white" } })
    .toFormat(format)
    .toBuffer();
const DOCUMENTS = ["pdf", "image", "xml"] as const;

describe("which attachments are no documents", () => {
  it.each([
    [160, 48, "too small"],
    [299, 299, "too small"],
    [1200, 320, "banner"],
  ])("a picture of %d x %d: %s", async (width, height, words) => {
    expect(reasonToSkip(await picture(width, height), DOCUMENTS, true)).toContain(words);
  });

  it.each([
    [460, 1100],
    [300, 1800],
    [2480, 3508],
    [1600, 900],
  ])("a picture of %d x %d is one", async (width, height) => {
    expect(reasonToSkip(await picture(width, height), DOCUMENTS, true)).toBeUndefined();
  });

  it("keeps small pictures where pictures are wanted, not documents", async () => {
    expect(reasonToSkip(await picture(64, 64), ["image"], false)).toBeUndefined();
  });

  it("leaves out what is of another kind", () => {
    expect(reasonToSkip(Buffer.from("BEGIN:VCALENDAR"), DOCUMENTS, true)).toBe("it is no PDF, picture or XML");
    expect(reasonToSkip(Buffer.from("%PDF-1.7\n"), ["image"], false)).toBe("it is no picture");
    expect(reasonToSkip(Buffer.from("PK\u0003\u0004..."), DOCUMENTS, true)).toContain("Compression");
    expect(reasonToSkip(Buffer.alloc(0), DOCUMENTS, true)).toBe("it is empty");
  });

  it("leaves out drawings where documents are wanted", () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"/>');
    expect(reasonToSkip(svg, DOCUMENTS, true)).toContain("SVG");
    expect(reasonToSkip(svg, ["image"], false)).toBeUndefined();
  });
});

describe("what a file is by its bytes", () => {
  it.each([
    ["%PDF-1.7", "pdf"],
    ["\n\n%PDF-1.4", "pdf"],
    ['\ufeff<?xml version="1.0"?><a/>', "xml"],
    ['<!-- ours -->\n<rsm:CrossIndustryInvoice\n  xmlns:rsm="urn:un:unece"/>', "xml"],
    ['<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">', "xml"],
    ["<div><p>Please find our invoice attached.</p></div>", "other"],
    ['<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x">', "other"],
    ['<html xmlns="http://www.w3.org/1999/xhtml"><body/>', "other"],
    ["<!DOCTYPE html><html></html>", "other"],
    ["<html><body>login</body></html>", "other"],
    ["\0\0\0\x18ftypmp42", "video"],
    ["plain words", "other"],
    ["", "other"],
  ])("%j is %s", (text, kind) => {
    expect(kindOf(Buffer.from(text))).toMatchObject({ kind });
  });

  it.each(["png", "jpeg", "webp"] as const)("a picture: %s", async (format) => {
    expect(kindOf(await picture(40, 30, format))).toEqual({ kind: "image", mediaType: `image/${format}` });
  });
});
