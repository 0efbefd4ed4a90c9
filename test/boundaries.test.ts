import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type CheckedPackage, findViolations, rootOf } from "./boundaries/check.ts";
import { MACHINE_LEARNING_RUNTIMES, PACKAGES, type PackageRules } from "./boundaries/rules.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function readManifest({ folder }: PackageRules): Manifest {
  return JSON.parse(readFileSync(path.join(ROOT, folder, "package.json"), "utf8")) as Manifest;
}

function readPackage(rules: PackageRules): CheckedPackage {
  const { dependencies, devDependencies } = readManifest(rules);
  const root = rootOf(rules);
  // Beside sources that lie in several folders lie others: node_modules, what was built.
  const folders = rules.root === "" ? rules.rooms.flatMap((room) => room.files) : [""];
  const files = folders.flatMap((folder) =>
    readdirSync(path.join(ROOT, root, folder), { recursive: true, encoding: "utf8" }).map((file) => path.join(folder, file)),
  );
  return {
    rules,
    declared: new Set(Object.keys({ ...dependencies, ...devDependencies })),
    sources: files
      .filter((file) => /\.tsx?$/.test(file) && !/\.test(-[\w-]+)?\.ts$/.test(file))
      .map((file) => path.posix.join(root, file.split(path.sep).join("/")))
      .map((file) => ({ path: file, text: readFileSync(path.join(ROOT, file), "utf8") })),
  };
}

const PUBLIC_NAMES: ReadonlySet<string> = new Set(
  PACKAGES.map(readManifest).flatMap(({ name, exports = {} }) => Object.keys(exports).map((subpath) => path.posix.join(name, subpath))),
);

/** The real rules of one package over made-up sources. */
function violationsIn(folder: string, sources: Record<string, string>, declared: readonly string[] = []): string[] {
  const rules = PACKAGES.find((each) => each.folder === folder);
  if (rules === undefined) throw new Error(`no rules for ${folder}`);
  const files = Object.entries(sources).map(([file, text]) => ({ path: `${rootOf(rules)}/${file}`, text }));
  return findViolations([{ rules, declared: new Set(declared), sources: files }], PUBLIC_NAMES);
}

describe("who may import whom", () => {
  const packages = PACKAGES.map(readPackage);

  it("holds in every source file", () => {
    expect(findViolations(packages, PUBLIC_NAMES)).toEqual([]);
  });

  it("reads every package that has sources", () => {
    const folders = readdirSync(path.join(ROOT, "packages")).map((name) => `packages/${name}`);
    expect(PACKAGES.map((each) => each.folder).toSorted()).toEqual(folders.toSorted());
    expect(packages.filter((each) => each.sources.length === 0).map((each) => each.rules.folder)).toEqual([]);
  });

  it("has a machine-learning runtime to watch", () => {
    const local = packages.find((each) => each.rules.folder === "packages/local");
    expect(MACHINE_LEARNING_RUNTIMES.filter((name) => local?.declared.has(name))).not.toEqual([]);
  });
});

describe("the check itself", () => {
  it.each([
    [
      "a task that imports a backend",
      "packages/core",
      { "tasks/a.ts": 'import { b } from "../backends/b.ts";' },
      "tasks may not import backends",
    ],
    [
      "a backend that imports a task's type",
      "packages/core",
      { "backends/b.ts": 'import type { a } from "../tasks/a.ts";' },
      "backends may not import tasks",
    ],
    ["a type import in place", "packages/core", { "backends/b.ts": 'let a: import("../tasks/a.ts").A;' }, "backends may not import tasks"],
    [
      "core in the n8n node outside its bridge",
      "packages/n8n-node",
      { "lib/a.ts": 'import { tasks } from "@sightline/core";' },
      "lib may not import @sightline/core",
    ],
    ["a re-export", "packages/core", { "errors.ts": 'export * from "./task.ts";' }, "base may not import task"],
    [
      "an import of Node in core",
      "packages/core",
      { "task.ts": 'const fs = await import("node:fs");' },
      "task may not import Node's modules",
    ],
    ["Node's modules without node:", "packages/local", { "media/a.ts": 'import fs from "fs";' }, "written node:fs"],
    [
      "a client library outside its backend",
      "packages/core",
      { "tasks/a.ts": 'import OpenAI from "openai";' },
      "tasks may not import openai",
    ],
    [
      "a door that imports a door",
      "packages/cli",
      { "a.ts": 'import "@sightline/mcp-server";' },
      "packages/cli may not import @sightline/mcp-server",
    ],
    [
      "input that reaches into a worker",
      "packages/local",
      { "input/a.ts": 'import "../worker/pool.ts";', "worker/pool.ts": "" },
      "input may not import worker",
    ],
    ["a way around public exports", "packages/local", { "media/a.ts": 'import "@sightline/core/src/task.ts";' }, "only the public exports"],
    ["a way out of the package", "packages/local", { "media/a.ts": 'import "../../../core/src/task.ts";' }, "leaves its package"],
    ["an undeclared library", "packages/local", { "media/a.ts": 'import "sharp";' }, "sharp is not in packages/local/package.json"],
    ["a computed name", "packages/local", { "media/a.ts": "await import(name);" }, "computed name"],
    ["a file without a room", "packages/core", { "misc.ts": "" }, "lies in no room"],
    ["console in a library", "packages/local", { "media/a.ts": 'console.log("x");' }, "console.log"],
    ["console.log in a door", "packages/mcp-server", { "a.ts": 'console.log("x");' }, "console.log"],
    ["stdout in a library", "packages/local", { "media/a.ts": 'process.stdout.write("x");' }, "process.stdout"],
    ["the environment in core", "packages/core", { "task.ts": "const a = process.env.A;" }, "process: the machine"],
    ["the network in core", "packages/core", { "backends/b.ts": 'await fetch("x");' }, "fetch: the machine"],
    ["the clock in core", "packages/core", { "task.ts": "const now = Date.now();" }, "Date.now: the machine"],
    ["the clock by another door", "packages/core", { "task.ts": "const now = new Date();" }, "new Date(): the machine"],
  ])("finds %s", (_name, folder, sources, words) => {
    expect(violationsIn(folder, sources).join("\n")).toContain(words);
  });

  it("finds a runtime imported in two files", () => {
    const load = 'import { InferenceSession } from "onnxruntime-node";';
    expect(violationsIn("packages/local", { "media/a.ts": load }, ["onnxruntime-node"])).toEqual([]);
    expect(violationsIn("packages/local", { "media/a.ts": load, "media/b.ts": load }, ["onnxruntime-node"]).join()).toContain(
      "more than one file",
    );
  });

  it("lets words in comments and strings be", () => {
    expect(
      violationsIn("packages/core", { "errors.ts": '// import "node:fs"; console.log()\nexport const words = "process.env fetch(1)";' }),
    ).toEqual([]);
  });

  it("refuses a file it cannot parse", () => {
    expect(() => violationsIn("packages/core", { "errors.ts": "import {" })).toThrow("errors.ts");
  });
});
