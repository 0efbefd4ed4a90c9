import { existsSync } from "node:fs";
import path from "node:path";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, CORPORA, SAMPLES, type Connection } from "./connect.ts";

const RECEIPTS = path.join(CORPORA, "sroie");

describe("an agent's context", () => {
  let server: Connection;
  beforeAll(async () => void (server = await connect({ args: ["--backend", "none", "--allow", SAMPLES, "--allow", RECEIPTS] })));
  afterAll(() => server.close());

  async function expectCheap(document: string): Promise<void> {
    const { isError, text, data } = await server.call("extract_text", { document });
    expect(isError, text).toBe(false);
    const plain = countTokens(data.text);
    expect(plain).toBeGreaterThan(50);
    expect(countTokens(JSON.stringify(data)) / plain, `structured content of ${document}`).toBeLessThanOrEqual(1.3);
    expect(countTokens(text) / plain, `text of ${document}`).toBeLessThanOrEqual(1.3);
  }

  it("pays for a receipt's text at most 1.3 times its own tokens", () => expectCheap(path.join(SAMPLES, "receipt.png")));

  it.skipIf(!existsSync(RECEIPTS)).each(["002.jpg", "169.jpg"])(
    "pays no more for a scanned one, %s (needs the corpora: set SIGHTLINE_CORPORA)",
    (name) => expectCheap(path.join(RECEIPTS, name)),
  );
});
