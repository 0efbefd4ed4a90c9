import fc from "fast-check";
import { expect, test } from "vitest";
import type { EncodedImage } from "../ports.ts";
import { jsonBytes, pictureMark } from "./json-bytes.ts";

test("says what JSON.stringify says of the data URIs, whatever the words beside them", () => {
  const words = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom('"url":"picture:0"', '\\"url\\":\\"picture:1\\"', "picture:0", "data:image/png;base64,", '{"url":"picture:0"}'),
  );
  const picture = fc.uint8Array().map((bytes): EncodedImage => ({ bytes, mediaType: "image/jpeg", width: 1, height: 1 }));
  fc.assert(
    fc.property(fc.array(picture, { maxLength: 4 }), fc.array(words), fc.dictionary(words, words), (pictures, texts, rest) => {
      const body = (urls: readonly string[]) => ({
        texts,
        messages: [{ content: [...urls.map((url) => ({ type: "image_url", image_url: { url } })), ...texts.map((text) => ({ text }))] }],
        rest,
      });
      const written = jsonBytes(body(pictures.map((_, index) => pictureMark(index))), pictures);
      const uris = pictures.map(({ bytes }) => `data:image/jpeg;base64,${Buffer.from(bytes).toString("base64")}`);
      expect(Buffer.from(written).toString()).toBe(JSON.stringify(body(uris)));
    }),
  );
});

test("a picture that is written in several pieces is one base64 text", () => {
  fc.assert(
    fc.property(fc.integer({ min: 24_570, max: 24_582 }), fc.integer({ min: 0, max: 2 }), (length, more) => {
      const bytes = Uint8Array.from({ length: length * 2 + more }, (_, index) => (index * 31) % 256);
      const written = jsonBytes({ url: pictureMark(0) }, [{ bytes, mediaType: "image/png", width: 1, height: 1 }]);
      expect(JSON.parse(Buffer.from(written).toString())).toEqual({
        url: `data:image/png;base64,${Buffer.from(bytes).toString("base64")}`,
      });
    }),
  );
});
