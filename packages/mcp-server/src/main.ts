#!/usr/bin/env node
// First, and loaded alone: from here on nothing but the protocol reaches standard output.
import { wire } from "./stdout.ts";
import { readFileSync } from "node:fs";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
const { run } = await import("./run.ts");
await run(process.argv.slice(2), { version, wire, assets: new URL("../dist/", import.meta.url) });
