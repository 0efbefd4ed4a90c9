import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = new URL("../../../", import.meta.url);
const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** What the README leads to or shows. On npm's page nothing lies beside it. */
const LINKS = [...README.matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)].map(([, link, source]) => link ?? source ?? "");

describe("the package's README", () => {
  it("has no link that works in the repository alone", () => {
    expect(LINKS.filter((link) => !link.startsWith("https://") && !link.startsWith("#"))).toEqual([]);
  });

  it.each(LINKS.filter((link) => link.includes("/sightline/sightline/")))("leads to what there is: %s", (link) => {
    const [, file = ""] = /\/sightline\/sightline\/(?:(?:blob|tree)\/)?main\/([^#]+)/.exec(link) ?? [];
    expect(existsSync(fileURLToPath(new URL(file, ROOT)))).toBe(true);
  });
});
