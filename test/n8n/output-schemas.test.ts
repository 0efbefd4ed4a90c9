import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type HttpServer, startHttpServer } from "../mcp/connect.ts";
import { startStandInModel, type StandInModel } from "../model/stand-in-server.ts";
import { sample } from "../tasks/model-context.ts";
import { ffmpeg, noFfmpeg, X264 } from "../video/make-video.ts";
import { webhookFlow } from "./flows.ts";
import { connectN8n, CORPORA, type NamedFile, NODE_PACKAGE } from "./n8n.ts";

/** What n8n offers for drag and drop before a node has run, held to what each operation really gives. */

const n8n = connectN8n(inject("n8n"));
const SCHEMAS = path.join(NODE_PACKAGE, "nodes/Sightline/__schema__/v1.0.0");
const FILM = path.join(CORPORA, "video/one-by-one-first.mp4");

interface Schema {
  readonly type: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;
}

/** Where a value is none of the schema: its path, and why. */
function differences(value: unknown, schema: Schema | undefined, at = ""): string[] {
  // A schema says what a value is when it is there.
  if (value === null && schema !== undefined) return [];
  if (schema === undefined) return [`${at}: not in the schema`];
  const type = typeOf(value);
  if (type !== schema.type && !(type === "integer" && schema.type === "number")) return [`${at}: ${type}, and not ${schema.type}`];
  if (Array.isArray(value)) return value.flatMap((each, index) => differences(each, schema.items, `${at}[${index}]`));
  // An object of the user's own shape has no properties in the schema.
  if (typeof value !== "object" || value === null || schema.properties === undefined) return [];
  return Object.entries(value).flatMap(([key, each]) => differences(each, schema.properties?.[key], `${at}.${key}`));
}

interface Case {
  readonly way: "sightlineModelApi" | "sightlineServerApi";
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly file?: string;
}

const CASES: Readonly<Record<string, readonly Case[]>> = {
  "image:describe": [
    { way: "sightlineModelApi", file: "coffee.png" },
    { way: "sightlineServerApi", file: "astronaut.png", options: { annotate: true } },
  ],
  "image:ask": [{ way: "sightlineServerApi", file: "receipt.png", parameters: { question: "What is the total?" } }],
  "image:locate": [{ way: "sightlineServerApi", file: "coffee.png", parameters: { query: "the cup" }, options: { annotate: true } }],
  "image:classify": [{ way: "sightlineModelApi", file: "coffee.png", parameters: { labels: "cup, cat" } }],
  "document:extractText": [{ way: "sightlineServerApi", file: "receipt.png" }],
  "document:extractInvoice": [{ way: "sightlineServerApi", file: "receipt.png" }],
  "document:extractData": [
    { way: "sightlineServerApi", file: "receipt.png", parameters: { dataFields: { field: [{ name: "total", type: "amount" }] } } },
  ],
  "video:search": [{ way: "sightlineServerApi", file: "door.mp4", parameters: { query: "a person" } }],
  "video:describe": [{ way: "sightlineServerApi", file: "door.mp4" }],
  "text:summarize": [{ way: "sightlineModelApi", parameters: { text: "A long text about a short summer." } }],
  "text:translate": [{ way: "sightlineModelApi", parameters: { text: "Guten Tag", language: "English" } }],
  "text:classify": [{ way: "sightlineModelApi", parameters: { text: "I want my money back.", labels: "complaint, praise" } }],
};

let folder: string;
let model: StandInModel;
let seeing: HttpServer;
let asking: HttpServer;
let credentials: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sightline-n8n-schemas-"));
  model = await startStandInModel();
  seeing = await startHttpServer({ args: ["--backend", "none"] });
  asking = await startHttpServer({ args: ["--backend", "openai-compatible", "--base-url", model.baseUrl, "--model", model.model] });
  credentials = {
    sightlineModelApi: await n8n.credential("schemas", "sightlineModelApi", {
      provider: "openai-compatible",
      baseUrl: model.baseUrl,
      apiKey: "",
    }),
    sightlineServerApi: await n8n.credential("schemas server", "sightlineServerApi", { baseUrl: seeing.origin, token: "" }),
    asking: await n8n.credential("schemas asking", "sightlineServerApi", { baseUrl: asking.origin, token: "" }),
  };
});
afterAll(async () => {
  await Promise.all([model.close(), seeing.close(), asking.close()]);
  await rm(folder, { recursive: true, force: true });
});

async function fileOf(name: string): Promise<NamedFile> {
  if (name !== "door.mp4") return { name, type: "image/png", bytes: await readFile(sample(name)) };
  ffmpeg(["-ss", "20", "-i", FILM, "-t", "6", "-an", ...X264, name], folder);
  return { name, type: "video/mp4", bytes: await readFile(path.join(folder, name)) };
}

describe("output schemas", () => {
  it("stand for every operation that is tried here, and no other", async () => {
    const files = (await readdir(SCHEMAS, { recursive: true })).filter((file) => file.endsWith(".json"));
    expect(files.map((file) => file.replace("/", ":").replace(".json", "")).toSorted()).toEqual(Object.keys(CASES).toSorted());
  });

  it.each(Object.entries(CASES).flatMap(([does, cases]) => cases.map((each): [string, string, Case] => [does, each.way, each])))(
    "%s, %s: hold what comes out",
    async (does, way, { parameters = {}, options = {}, file }) => {
      const isFilm = file === "door.mp4";
      if (isFilm && (noFfmpeg !== undefined || !existsSync(FILM))) return;
      const webhook = `schema-${does.replace(":", "-")}-${way}`;
      // It is a model that reads a document into somebody's own fields.
      const own = does === "document:extractData" ? { sightlineServerApi: credentials["asking"] ?? "" } : credentials;
      await n8n.workflow(webhookFlow({ webhook, way: way as Case["way"], does, parameters, options }), own);
      const { items } = await n8n.post(webhook, file === undefined ? {} : { data: await fileOf(file) });
      const schema = JSON.parse(await readFile(path.join(SCHEMAS, `${does.replace(":", "/")}.json`), "utf8")) as Schema;
      expect(items, JSON.stringify(items)).toHaveLength(1);
      expect(items[0]).toHaveProperty("duration_ms");
      expect(differences(items[0], schema)).toEqual([]);
    },
  );
});
