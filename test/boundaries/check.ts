import { builtinModules } from "node:module";
import { posix as path } from "node:path";
import { parseSync, Visitor } from "oxc-parser";
import { MACHINE_LEARNING_RUNTIMES, type PackageRules, type Room } from "./rules.ts";

/** A source file: its path relative to the repository, with `/`, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface CheckedPackage {
  readonly rules: PackageRules;
  /** Names in the package.json's `dependencies` and `devDependencies`. */
  readonly declared: ReadonlySet<string>;
  readonly sources: readonly SourceFile[];
}

export interface Facts {
  /** Module specifiers of imports, re-exports, `import()` and `require()`; undefined where one is computed. */
  readonly imports: readonly (string | undefined)[];
  /** What it does with the machine or with standard output, such as `process.env`, `console.log` or `Date.now`. */
  readonly effects: ReadonlySet<string>;
}

/** Globals by which code reaches the machine: environment, network, clock. */
const MACHINE_GLOBALS: ReadonlySet<string> = new Set([
  "process",
  "fetch",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "performance",
  "require",
  "Date.now",
  "new Date()",
]);

/** Reads a file's imports and effects from its syntax tree. Throws when it cannot be parsed. */
export function readFacts(file: SourceFile): Facts {
  const { program, errors } = parseSync(file.path, file.text);
  if (errors[0] !== undefined) throw new Error(`${file.path}: ${errors[0].message}`);
  const imports: (string | undefined)[] = [];
  const effects = new Set<string>();
  const literal = (node: { type: string; value?: unknown }): string | undefined =>
    node.type === "Literal" && typeof node.value === "string" ? node.value : undefined;
  new Visitor({
    ImportDeclaration: (node) => void imports.push(node.source.value),
    ExportAllDeclaration: (node) => void imports.push(node.source.value),
    ExportNamedDeclaration: (node) => void (node.source && imports.push(node.source.value)),
    TSImportType: (node) => void imports.push(literal(node.source)),
    ImportExpression: (node) => void imports.push(literal(node.source)),
    CallExpression(node) {
      if (node.callee.type !== "Identifier") return;
      if (node.callee.name === "require") imports.push(node.arguments[0] && literal(node.arguments[0]));
      effects.add(node.callee.name);
    },
    NewExpression: (node) =>
      void (node.callee.type === "Identifier" && node.arguments.length === 0 && effects.add(`new ${node.callee.name}()`)),
    MemberExpression(node) {
      if (node.object.type !== "Identifier") return;
      effects.add(node.object.name);
      if (!node.computed && node.property.type === "Identifier") effects.add(`${node.object.name}.${node.property.name}`);
    },
  }).visit(program);
  return { imports, effects };
}

/** `@scope/name/part` -> `@scope/name`. */
function packageName(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/** Where a package's sources begin, relative to the repository. */
export function rootOf({ folder, root = "src" }: PackageRules): string {
  return path.join(folder, root);
}

/** The room a file lies in; undefined when none or more than one claims it. */
function roomOf(rules: PackageRules, fileInSource: string): Room | undefined {
  const rooms = rules.rooms.filter((room) =>
    room.files.some((each) => each === "/" || each === fileInSource || (each.endsWith("/") && fileInSource.startsWith(each))),
  );
  return rooms.length === 1 ? rooms[0] : undefined;
}

/** What is wrong with one import, in words; undefined when it is allowed. */
function judgeImport(
  { rules, declared }: CheckedPackage,
  publicNames: ReadonlySet<string>,
  room: Room,
  file: string,
  specifier: string,
): string | undefined {
  const source = rootOf(rules);
  if (specifier.startsWith(".")) {
    const target = path.join(path.dirname(file), specifier);
    if (target === `${rules.folder}/package.json`) return undefined;
    if (!target.startsWith(`${source}/`)) return "leaves its package";
    const targetRoom = roomOf(rules, path.relative(source, target));
    if (targetRoom === undefined || targetRoom.name === room.name || room.rooms.includes(targetRoom.name)) return undefined;
    return `${room.name} may not import ${targetRoom.name}`;
  }
  if (specifier.startsWith("node:")) return room.packages.includes("node:*") ? undefined : `${room.name} may not import Node's modules`;
  if (builtinModules.includes(specifier)) return `Node's modules are written node:${specifier}`;
  const name = packageName(specifier);
  if (name.startsWith("@sightline/")) {
    if (room.workspace === false) return `${room.name} may not import ${name}`;
    if (!rules.workspace.includes(name)) return `${rules.folder} may not import ${name}`;
    if (!publicNames.has(specifier)) return `only the public exports of ${name} may be imported`;
  } else if (!room.packages.includes("own") && !room.packages.includes(name)) {
    return `${room.name} may not import ${name}`;
  }
  return declared.has(name) ? undefined : `${name} is not in ${rules.folder}/package.json`;
}

function judgeEffects(rules: PackageRules, inSource: string, { effects }: Facts): string[] {
  const ownStreams = rules.door === true || rules.processes?.includes(inSource) === true;
  const wrong: string[] = [];
  for (const effect of effects) {
    const toStderr = effect === "console.error" || effect === "console.warn";
    if (effect.startsWith("console.") && !(toStderr && ownStreams))
      wrong.push(`${effect}: a library is silent, a door writes to the stream it means`);
    if (effect === "process.stdout" && !ownStreams) wrong.push("process.stdout belongs to the caller");
    if (rules.machineless === true && MACHINE_GLOBALS.has(effect)) wrong.push(`${effect}: the machine comes in through ports`);
  }
  return wrong;
}

/**
 * Every breach of the rules, as `file: words`, in the order of the files. `publicNames` are the specifiers that the workspace's packages
 * export: `@sightline/local`, `@sightline/local/settings`, …
 */
export function findViolations(packages: readonly CheckedPackage[], publicNames: ReadonlySet<string>): string[] {
  const violations: string[] = [];
  const runtimes = new Map<string, string[]>();
  for (const checked of packages) {
    for (const file of checked.sources) {
      const say = (words: string): number => violations.push(`${file.path}: ${words}`);
      const inSource = path.relative(rootOf(checked.rules), file.path);
      const room = roomOf(checked.rules, inSource);
      if (room === undefined) {
        say("lies in no room, or in more than one: give it its place in test/boundaries/rules.ts");
        continue;
      }
      const facts = readFacts(file);
      for (const specifier of new Set(facts.imports)) {
        if (specifier === undefined) {
          if (checked.rules.processes?.includes(inSource) !== true) say("imports a module by a computed name, which no rule can judge");
          continue;
        }
        const wrong = judgeImport(checked, publicNames, room, file.path, specifier);
        if (wrong !== undefined) say(`imports "${specifier}": ${wrong}`);
        const name = packageName(specifier);
        if (MACHINE_LEARNING_RUNTIMES.includes(name)) runtimes.set(name, [...(runtimes.get(name) ?? []), file.path]);
      }
      for (const wrong of judgeEffects(checked.rules, inSource, facts)) say(wrong);
    }
  }
  for (const [runtime, files] of runtimes) {
    if (files.length > 1) violations.push(`${files.join(", ")}: ${runtime} is imported in more than one file`);
  }
  return violations;
}
