import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDataUri } from "./data-uri.ts";

const MB = 1_000_000;

describe("readDataUri", () => {
  it("gives back any bytes, base64 or percent-encoded", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
        const base64 = Buffer.from(bytes).toString("base64");
        expect([...readDataUri(`data:image/png;base64,${base64}`, MB)]).toEqual([...bytes]);
        expect([
          ...readDataUri(`DATA:;charset=x;Base64,${base64.replaceAll("+", "%2B").replaceAll("/", "%2f").replace(/=+$/, "")}`, MB),
        ]).toEqual([...bytes]);
        const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
        expect([...readDataUri(`data:,${percent}`, MB)]).toEqual([...bytes]);
      }),
    );
  });

  it("takes base64 with line breaks, and plain SVG", () => {
    expect(Buffer.from(readDataUri("data:text/plain;base64,aGVs\r\n bG8=", MB)).toString()).toBe("hello");
    expect(Buffer.from(readDataUri("data:image/svg+xml,<svg fill='%23fff'>é</svg>", MB)).toString()).toBe("<svg fill='#fff'>é</svg>");
  });

  it.each([
    ["garbage", "data:image/png;base64,!!not base64!!", /not valid base64/],
    ["cut in a group", "data:image/png;base64,aGVsbG8xy", /not valid base64/],
    ["padding in the middle", "data:image/png;base64,aGVs=bG8=", /not valid base64/],
    ["no comma", "data:image/png;base64", /no comma/],
    ["nothing behind the comma", "data:image/png;base64,", /not valid base64|empty/],
    ["nothing at all", "data:,", /empty/],
    ["too much", `data:image/png;base64,${"A".repeat(2000)}`, /MB/],
  ])("refuses %s as InputError", (_, uri, message) => {
    expect(() => readDataUri(uri, 1000)).toThrow(
      expect.objectContaining({ kind: "InputError", message: expect.stringMatching(message), hint: expect.any(String) }),
    );
  });

  it("never decodes base64 to fewer bytes than it was given", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 60 }), (text) => {
        const letters = text.replace(/[\s=]/g, "");
        let bytes: Uint8Array;
        try {
          bytes = readDataUri(`data:;base64,${text.replaceAll("%", "")}`, MB);
        } catch {
          return;
        }
        expect(bytes.length).toBe(Math.floor((letters.replaceAll("%", "").length * 3) / 4));
      }),
    );
  });
});
