/**
 * All that can be judged without running a test: lint, format, types, packages, generated docs, unused files and dependencies, paths of
 * the machine it was written on, and the repository's address. Every check runs, whatever the ones before it said.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PACKAGES = ["core", "local", "cli", "mcp-server", "n8n-node"];

function run(command: string, ...args: string[]): boolean {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: "inherit" });
  if (error !== undefined) console.error(error.message);
  return status === 0;
}

/** Runs the bin of a development dependency. */
const tool = (name: string, ...args: string[]): boolean => run(path.join(ROOT, "node_modules/.bin", name), ...args);

/** No file in git may hold a path of the machine this runs on: such a line works nowhere else. */
function noMachinePaths(): boolean {
  const checkout = ROOT.replace(/\/$/, "");
  const parent = path.dirname(checkout);
  const common = new Set(["/", "/home", path.resolve(tmpdir()), path.parse(ROOT).root]);
  const paths = [checkout, parent, homedir()].filter((each) => !common.has(each));
  // A path begins where no name goes on: `$folder/root/` is none.
  const patterns = paths.flatMap((each) => ["-e", `(^|[^[:alnum:]_.})-])${each.replaceAll(".", "\\.")}/`]);
  const { status, stdout } = spawnSync("git", ["grep", "--extended-regexp", "--line-number", "-I", ...patterns], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (status === 0) console.error(stdout);
  // 1 is git grep's word for "nothing found".
  return status === 1;
}

/**
 * Where the repository is says `homepage` in packages/n8n-node/package.json; every other place repeats it. It is a placeholder until there is a public one: change
 * it there, and this names what else has to follow, the registry's name of the MCP server (io.github.OWNER/…) among it.
 */
function oneAddress(): boolean {
  const { homepage } = JSON.parse(readFileSync(path.join(ROOT, "packages/n8n-node/package.json"), "utf8")) as { homepage: string };
  const [, owner = "", name = ""] = /^https:\/\/github\.com\/([^/]+)\/([^/]+)$/.exec(homepage) ?? [];
  const { stdout } = spawnSync("git", ["grep", "-nIoE", `github\\.com/[A-Za-z0-9-]+/${name}\\b|io\\.github\\.[a-z0-9-]+/`], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const others = stdout
    .trim()
    .split("\n")
    .filter((line) => !line.endsWith(`:github.com/${owner}/${name}`) && !line.endsWith(`:io.github.${owner}/`));
  if (others.length > 0) console.error(`The repository is ${homepage}, and here stands another:\n${others.join("\n")}`);
  return owner !== "" && others.length === 0;
}

const CHECKS: Readonly<Record<string, () => boolean>> = {
  // First: the packages' types, which tests and scripts are checked against, and what publint looks at.
  build: () => run(process.execPath, "--import=tsx", "scripts/build.ts"),
  lint: () => tool("oxlint", "--type-aware", "--deny-warnings", "."),
  format: () => tool("oxfmt", "--check", "."),
  types: () =>
    ["tsconfig.json", "packages/n8n-node/tsconfig.json", "packages/viewer/tsconfig.json"]
      .map((project) => tool("tsc", "--noEmit", "--project", project))
      .every(Boolean),
  docs: () => run(process.execPath, "--conditions=@sightline/source", "--import=tsx", "scripts/generate-docs.ts", "--check"),
  packages: () => PACKAGES.map((name) => tool("publint", "--strict", path.join("packages", name))).every(Boolean),
  unused: () => tool("knip"),
  paths: noMachinePaths,
  address: oneAddress,
};

const failed = Object.entries(CHECKS).filter(([name, check]) => {
  console.error(`\ncheck: ${name}`);
  return !check();
});
console.error(failed.length === 0 ? "\ncheck: all passed" : `\ncheck: failed: ${failed.map(([name]) => name).join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
