import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CORPORA } from "../mcp/connect.ts";
import { runWithFaults } from "./faults.ts";
import { NO_REDIS } from "./redis-server.ts";

const why = NO_REDIS ?? (existsSync(CORPORA) ? undefined : `no corpora at ${CORPORA}: set SIGHTLINE_CORPORA`);

/** 500 of them: `npx -y pnpm@12 scale 500`. */
const FILES = 40;

describe.skipIf(why !== undefined)(`a batch on Redis while everything dies${why === undefined ? "" : ` (${why})`}`, () => {
  it("ends with one row a file, each right or an error that says why", { timeout: 600_000 }, async () => {
    const run = await runWithFaults(FILES, () => {});
    expect(run.wrong).toEqual([]);
    expect(run.rows).toHaveLength(run.files);
    expect(run.equal + run.lost.length).toBe(run.files);
    expect(run.killedWorkers).toBeGreaterThan(3);
    expect([run.takenOver, run.cancelled]).toEqual(["done", "cancelled"]);
  });
});
