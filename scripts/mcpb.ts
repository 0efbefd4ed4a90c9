/**
 * Builds the bundle for Claude Desktop, `dist/sightline.mcpb`: a zip with the server and all that it runs on, no native code in it. `pnpm build` comes before.
 */
import { execFile } from "node:child_process";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import sharp from "sharp";
import { mcpbManifest, type PackageFacts } from "./mcpb/manifest.ts";
import { stageServer } from "./mcpb/stage.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const STAGE = path.join(ROOT, "dist/mcpb");
const OUTPUT = path.join(ROOT, "dist/sightline.mcpb");
/** Side of the icon, in pixels: what the manifest's documentation asks for. */
const ICON_SIDE = 512;
/** What people download, in bytes. */
const MAX_BYTES = 60_000_000;

const mcpb = (...args: string[]) => promisify(execFile)(path.join(ROOT, "node_modules/.bin/mcpb"), args);

await rm(STAGE, { recursive: true, force: true });
await mkdir(STAGE, { recursive: true });
await stageServer(ROOT, path.join(STAGE, "server"));
const facts = JSON.parse(await readFile(path.join(ROOT, "packages/mcp-server/package.json"), "utf8")) as PackageFacts;
await writeFile(path.join(STAGE, "manifest.json"), `${JSON.stringify(mcpbManifest(facts), null, 2)}\n`);
await sharp(path.join(ROOT, "packages/mcp-server/icon.svg")).resize(ICON_SIDE).png().toFile(path.join(STAGE, "icon.png"));
await mcpb("validate", path.join(STAGE, "manifest.json"));
await mcpb("pack", STAGE, OUTPUT);
const { size } = await stat(OUTPUT);
console.error(`bundle: dist/sightline.mcpb, ${(size / 1e6).toFixed(1)} MB`);
if (size > MAX_BYTES) throw new Error(`The bundle is larger than ${MAX_BYTES / 1e6} MB.`);
