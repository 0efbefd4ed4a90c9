import { presets } from "@sightline/core";
import { afterAll, beforeAll, describe, expect, test, type TestContext } from "vitest";
import { hasPublishedSchemas, publishedSchema, schemaProblems } from "../model/published-schemas.ts";
import { llamaServerProgram, type LlamaServers, startLlamaServers } from "../tools/llama-server.ts";
import { type CellResult, layout } from "./cells.ts";
import { type Row, whyNot } from "./row.ts";
import { ROWS } from "./rows.ts";
import { documentFor, onRealServer, type Running, standInAgainst, startStandIn } from "./subjects.ts";

/** Every backend through every demand, over real HTTP; and llama.cpp's through a real llama-server too. `npx -y pnpm@12 contract` prints it as a table. */

const published = hasPublishedSchemas();
const program = llamaServerProgram();

const ROUTES = { openai: "/chat/completions", ogx: "/v1/chat/completions", ollama: "/api/chat" } as const;

/** Runs a row, and holds what was sent to the published document and what is left behind to nothing. Resolves to the number of requests. */
async function hold(row: Row, server: Running): Promise<number> {
  try {
    await row.run(server);
    const document = documentFor(server.preset);
    if (published && document !== undefined) {
      const validate = publishedSchema(document, ROUTES[document], "post");
      expect(server.chats.flatMap(({ body }) => schemaProblems(validate, body))).toEqual([]);
    }
    await expect.poll(() => server.clock.sleepers).toBe(0);
    return server.chats.length;
  } finally {
    await server.close();
  }
}

/** What the table is made from. */
function note({ task }: TestContext, cell: CellResult): void {
  Object.assign(task.meta, { contract: cell });
}

test("the table has each backend once and each row once", ({ task }) => {
  const cells = layout();
  const names = cells.groups.flatMap(({ rows }) => rows.map(({ name }) => name));
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(cells.backends).size).toBe(cells.backends.length);
  Object.assign(task.meta, { layout: cells });
});

describe.each(presets.map((preset) => [preset.name, preset] as const))("%s", (_name, preset) => {
  const mine = ROWS.flatMap(({ rows }) => rows.filter((row) => whyNot(row, preset) === undefined));
  test.for(mine.map((row) => [row.name, row] as const))("%s", async ([, row], context) => {
    const cell = { backend: preset.name, row: row.name };
    note(context, { ...cell, against: "documented stand-in" });
    const sent = await hold(row, await startStandIn(preset, row));
    // Where nothing left there was nothing to hold to a document.
    if (published && sent > 0) note(context, { ...cell, against: standInAgainst(preset) });
  });
});

describe.skipIf(program === undefined)("llamacpp, on a real llama-server", () => {
  const preset = presets.find(({ name }) => name === "llamacpp")!;
  let servers: LlamaServers;
  beforeAll(async () => {
    servers = await startLlamaServers(program!);
  });
  afterAll(() => servers?.close());

  const real = ROWS.flatMap(({ rows }) => rows.filter((row) => row.real !== undefined));
  test.for(real.map((row) => [row.name, row] as const))("%s", async ([, row], context) => {
    note(context, { backend: preset.name, row: row.name, against: "real server" });
    await hold(row, onRealServer(preset, servers, row.real!));
  });
});
