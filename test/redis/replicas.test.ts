import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { type AddressInfo, connect as netConnect, createServer } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectRedis } from "../../packages/local/src/redis/connection.ts";
import { createSharedJobs } from "../../packages/local/src/redis/jobs.ts";
import { runCli } from "../cli/run-cli.ts";
import { type Calls, connectOverHttp, type HttpServer, SAMPLES, startHttpServer, jobEnd } from "../mcp/connect.ts";
import { startStandInModel, type StandInModel } from "../model/stand-in-server.ts";
import { freePort } from "../tools/free-port.ts";
import { NO_REDIS, type RedisServer, startRedis } from "./redis-server.ts";

const receipt = path.join(SAMPLES, "receipt.png");

describe.skipIf(NO_REDIS !== undefined)("two replicas of the server on one Redis", () => {
  let root: string;
  let redis: RedisServer;
  let model: StandInModel;
  let servers: HttpServer[];
  let a: Calls;
  let b: Calls;

  async function replica(name: string, ...args: string[]): Promise<HttpServer> {
    const flags = ["--backend", "openai-compatible", "--base-url", model.baseUrl, "--model", model.model, "--allow", SAMPLES];
    return startHttpServer({ args: [...flags, ...args], env: { XDG_CACHE_HOME: path.join(root, name), SIGHTLINE_REDIS: redis.url } });
  }

  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), "sightline-replicas-"));
    [redis, model] = await Promise.all([startRedis(), startStandInModel()]);
    servers = await Promise.all([replica("a"), replica("b", "--answer-within", "0.05")]);
    [a, b] = (await Promise.all(servers.map((server) => connectOverHttp(server)))) as [Calls, Calls];
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
    await Promise.all([model.close(), redis.close()]);
    await rm(root, { recursive: true, force: true });
  });

  const at = (index: number, id: string): string => `${servers[index]?.origin}/files/${encodeURIComponent(id)}`;

  it("read a file that was handed to the other, and know when it is gone", async () => {
    const bytes = await readFile(receipt);
    const answer = await fetch(at(0, "receipt.png"), { method: "PUT", body: bytes });
    const { file, id } = (await answer.json()) as { file: string; id: string };
    const got = await fetch(at(1, id));
    expect([got.status, got.headers.get("content-type")]).toEqual([200, "image/png"]);
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true);
    const started = (await b.call("extract_text", { document: file })).data as { job_id: string };
    const job = await jobEnd(a, started.job_id);
    expect(job.data).toMatchObject({ status: "done", result: { text: expect.stringMatching(/total/i) as string } });
    expect((await fetch(at(0, id), { method: "DELETE" })).status).toBe(204);
    expect((await fetch(at(1, id))).status).toBe(404);
    expect((await fetch(at(1, id), { method: "DELETE" })).status).toBe(404);
  });

  it("ask the model once for what both are asked", async () => {
    const question = { images: [receipt], question: "How many pictures are there?" };
    const chats = (): number => model.requests.filter(({ method }) => method === "POST").length;
    const before = chats();
    const first = await a.call("ask_image", question);
    expect(first.isError, first.text).toBe(false);
    const asked = chats();
    expect(asked).toBeGreaterThan(before);
    const second = await b.call("ask_image", question);
    const data = second.data.job_id === undefined ? second.data : (await jobEnd(b, second.data.job_id)).data.result;
    expect(data.answer).toBe(first.data.answer);
    expect(chats()).toBe(asked);
  });

  it("say in their status what they share, without its password", async () => {
    const { data, text } = await a.call("status", {});
    expect(data.redis).toMatchObject({ server: redis.url.replace("redis://", ""), calls: { workers: 2 }, batch: { workers: 0 } });
    expect(text).toContain(`Redis: ${redis.url.replace("redis://", "")}`);
  });
});

describe.skipIf(NO_REDIS !== undefined)("a Redis that cannot be used", () => {
  it("is told as what it is: away, or locked", async () => {
    const redis = await startRedis(["--requirepass", "right"]);
    const locked = connectRedis(redis.url.replace("//", "//:wrong-one@"), () => {}, 5_000);
    await expect(locked).rejects.toMatchObject({ kind: "SetupError", message: expect.stringMatching(/does not let us in/) as string });
    await expect(connectRedis(redis.url, () => {}, 5_000)).rejects.toMatchObject({ kind: "SetupError" });
    const opened = await connectRedis(redis.url.replace("//", "//:right@"), () => {}, 5_000);
    expect(opened.address).not.toContain("right");
    await opened.close();
    await redis.close();
    await expect(connectRedis(redis.url, () => {}, 300)).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringMatching(/^No Redis answers at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/) as string,
    });
  });

  const open = (url: string, told: string[] = []): Promise<unknown> => connectRedis(url, (words) => told.push(words), 5_000);

  it("is told as what it is: a replica, or locked for this user", async () => {
    const primary = await startRedis();
    const replica = await startRedis(["--replicaof", "127.0.0.1", new URL(primary.url).port]);
    await expect(open(replica.url)).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringMatching(/is a replica, which takes no writes \(READONLY/) as string,
    });
    const admin = await connectRedis(primary.url, () => {}, 5_000);
    const user = async (name: string, ...rules: string[]): Promise<string> => {
      await admin.client.call("ACL", "SETUSER", name, "on", ">secret", ...rules);
      return primary.url.replace("//", `//${name}:secret@`);
    };
    await expect(open(await user("other", "~other:*", "+@all"))).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringMatching(/does not allow this user what is needed \(NOPERM/) as string,
    });
    // What its hint says is enough.
    const allowed = await connectRedis(
      await user("ours", "~sightline:*", "+@all", "-@dangerous", "+info", "+client|list"),
      () => {},
      5_000,
    );
    const jobs = createSharedJobs({ redis: allowed, queue: "locked", run: () => Promise.resolve({ text: "Hello" }), log: () => {} });
    expect(await jobs.settled(await jobs.start({ task: "extract_text", input: {} }))).toMatchObject({ status: "done" });
    expect(await jobs.counts()).toMatchObject({ workers: 1 });
    await jobs.close();
    await Promise.all([allowed.close(), admin.close()]);
    await Promise.all([replica.close(), primary.close()]);
  });

  it("is told as what it is: too old", async () => {
    const redis = await startRedis();
    // A Redis that says it is of another version: no distribution has one so old any more.
    const proxy = createServer((client) => {
      const real = netConnect(Number(new URL(redis.url).port), "127.0.0.1");
      real.on("data", (data) => client.write(data.toString("latin1").replace(/(?<=redis_version:)\d/, "4"), "latin1"));
      client.on("data", (data) => real.write(data));
      client.on("close", () => real.destroy()).on("error", () => {});
      real.on("close", () => client.destroy()).on("error", () => {});
    }).listen(0, "127.0.0.1");
    await once(proxy, "listening");
    await expect(open(`redis://127.0.0.1:${(proxy.address() as AddressInfo).port}`)).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringMatching(/is of version 4\./) as string,
    });
    proxy.close();
    await redis.close();
  });

  it("is told as what it is: full, or one that forgets", async () => {
    const redis = await startRedis(["--maxmemory", "1"]);
    const full = await connectRedis(redis.url, () => {}, 5_000);
    const jobs = createSharedJobs({ redis: full, queue: "full", log: () => {} });
    await expect(jobs.start({ task: "extract_text", input: {} })).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringMatching(/ is full, and takes nothing more \(OOM/) as string,
    });
    await jobs.close();
    const told: string[] = [];
    await full.client.config("SET", "maxmemory-policy", "allkeys-lru");
    await open(redis.url, told);
    expect(told).toEqual([expect.stringContaining("set maxmemory-policy noeviction")]);
    await full.close();
    await redis.close();
  });

  it("is told as what it is: one whose certificate is not trusted", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "sightline-tls-"));
    const [key, certificate] = [path.join(folder, "key.pem"), path.join(folder, "certificate.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
    await promisify(execFile)("openssl", [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      key,
      "-out",
      certificate,
      ...subject,
    ]);
    const port = await freePort();
    const files = ["--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", certificate, "--tls-auth-clients", "no"];
    const redis = await startRedis(["--tls-port", `${port}`, ...files]);
    const url = `rediss://127.0.0.1:${port}`;
    await expect(open(url)).rejects.toMatchObject({
      kind: "SetupError",
      message: expect.stringMatching(/certificate .* is not trusted/) as string,
      hint: expect.stringContaining("NODE_EXTRA_CA_CERTS") as string,
    });
    expect((await runCli(["jobs"], { env: { SIGHTLINE_REDIS: url, NODE_EXTRA_CA_CERTS: certificate } })).stdout).toContain("0 waiting");
    await redis.close();
    await rm(folder, { recursive: true });
  });
});
