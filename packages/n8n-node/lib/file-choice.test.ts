import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseFiles } from "./file-choice.ts";

const MAIL = ["attachment_0", "attachment_1", "attachment_2"];

describe("what is meant by the input field", () => {
  it.each([
    ["data", ["data"], { kind: "fields", names: ["data"], named: true }],
    ["attachment_0, attachment_1", MAIL, { kind: "fields", names: ["attachment_0", "attachment_1"], named: true }],
    ["attachment_2,attachment_0", MAIL, { kind: "fields", names: ["attachment_2", "attachment_0"], named: true }],
    ["all", MAIL, { kind: "fields", names: MAIL, named: false }],
    ["*", MAIL, { kind: "fields", names: MAIL, named: false }],
    ["attachment_*", [...MAIL, "data"], { kind: "fields", names: MAIL, named: false }],
    // A field of that name is what is named.
    ["all", ["all", "data"], { kind: "fields", names: ["all"], named: true }],
    ["https://example.com/a,b.png", [], { kind: "urls", urls: ["https://example.com/a,b.png"] }],
    [
      "https://a.example/1.png\nhttps://a.example/2.png",
      [],
      { kind: "urls", urls: ["https://a.example/1.png", "https://a.example/2.png"] },
    ],
  ])("%j of %j", (text, fields, choice) => {
    expect(chooseFiles(text, fields)).toEqual(choice);
  });

  it("takes base64 and data: URIs for the file they are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 60, maxLength: 500 }), fc.boolean(), (bytes, asUri) => {
        const base64 = Buffer.from(bytes).toString("base64");
        const choice = chooseFiles(asUri ? `data:image/png;base64,${base64}` : base64, ["data"]);
        expect(choice.kind === "base64" && Buffer.from(choice.bytes).equals(Buffer.from(bytes))).toBe(true);
      }),
    );
  });

  it.each([
    ["", ["data"], "No file is named"],
    ["data", MAIL, 'no binary field "data"'],
    ["all", [], "no binary data"],
    ["/tmp/a.pdf", ["data"], "not read from disk"],
    ["C:\\a.pdf", ["data"], "not read from disk"],
    ["{{ $binary.data }}", ["data"], "an expression that is taken as text"],
    ["data:image/png,%E0%A4%A", ["data"], "no percent-encoding"],
  ])("says of %j why it is not understood", (text, fields, words) => {
    expect(() => chooseFiles(text, fields)).toThrow(words);
  });

  it("says which fields there are", () => {
    expect(() => chooseFiles("data", MAIL)).toThrow(expect.objectContaining({ hint: expect.stringContaining(MAIL.join(", ")) }));
  });

  it("shows no more than the beginning of what it was given", () => {
    const secret = "Dear Sir, ".repeat(50);
    expect(() => chooseFiles(secret, [])).toThrow(/^.{0,120}$/s);
  });
});
