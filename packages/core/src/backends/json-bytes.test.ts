import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonBytes } from "./json-bytes.ts";

const parsed = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

test("says what JSON.stringify says, whatever the words beside the pictures", () => {
  const picture = fc
    .uint8Array()
    .map((bytes) => ({ image_url: { url: `data:image/jpeg;base64,${Buffer.from(bytes).toString("base64")}` } }));
  const words = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom('"url":[0]', '\\"url\\":[1]', "data:image/png;base64,", '{"url":"x"}'),
  );
  const part = fc.oneof(picture, fc.record({ text: words }));
  fc.assert(
    fc.property(fc.array(part), fc.dictionary(words, words), (content, rest) => {
      const body = { messages: [{ content }], rest };
      expect(parsed(jsonBytes(body))).toEqual(JSON.parse(JSON.stringify(body)));
    }),
  );
});
