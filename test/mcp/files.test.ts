import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { imageSize } from "image-size";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, connectOverHttp, ERAS, SAMPLES, startHttpServer, type Calls, type HttpServer } from "./connect.ts";

const TOKEN = "a-token-for-the-tests-0123456789";
const AUTHORIZED = { Authorization: `Bearer ${TOKEN}` };
const receipt = path.join(SAMPLES, "receipt.png");
const coffee = path.join(SAMPLES, "coffee.png");

interface Uploaded {
  readonly file: string;
  readonly id: string;
  readonly media_type: string;
  readonly bytes: number;
  readonly expires: string;
}

describe("files over HTTP, beyond this machine", () => {
  let cache: string;
  let server: HttpServer;
  let client: Calls;
  beforeAll(async () => {
    cache = await mkdtemp(path.join(tmpdir(), "sightline-files-"));
    server = await startHttpServer({
      args: ["--http", "0.0.0.0:0", "--backend", "none", "--allow", SAMPLES],
      env: { SIGHTLINE_HTTP_TOKEN: TOKEN, XDG_CACHE_HOME: cache },
    });
    client = await connectOverHttp(server, { token: TOKEN });
  });
  afterAll(async () => {
    await client.close();
    await server.close();
    await rm(cache, { recursive: true, force: true });
  });

  const put = async (from: string, name = path.basename(from)): Promise<Uploaded> => {
    const response = await fetch(`${server.origin}/files/${name}`, { method: "PUT", headers: AUTHORIZED, body: await readFile(from) });
    expect(response.status).toBe(201);
    return (await response.json()) as Uploaded;
  };

  it("takes a file, and its handle stands wherever a file may", async () => {
    const uploaded = await put(receipt);
    expect(uploaded).toMatchObject({
      file: `sightline://files/${uploaded.id}`,
      id: expect.stringMatching(/^receipt-[0-9a-f]{16}\.png$/),
      media_type: "image/png",
      bytes: (await readFile(receipt)).length,
    });
    expect(Date.parse(uploaded.expires)).toBeGreaterThan(Date.now());
    const { isError, text, data } = await client.call("extract_text", { document: uploaded.file });
    expect(isError, text).toBe(false);
    expect(data.text).toMatch(/total/i);
    expect((await client.call("list_images", {})).data.images).toEqual([
      { path: uploaded.file, modified: expect.any(String), bytes: uploaded.bytes, media_type: "image/png" },
    ]);

    const one = `${server.origin}/files/${uploaded.id}`;
    const back = await fetch(one, { headers: AUTHORIZED });
    expect([back.status, back.headers.get("content-type")]).toEqual([200, "image/png"]);
    expect(Buffer.from(await back.arrayBuffer()).equals(await readFile(receipt))).toBe(true);
    expect((await fetch(one, { method: "DELETE", headers: AUTHORIZED })).status).toBe(204);
    expect((await fetch(one, { headers: AUTHORIZED })).status).toBe(404);
    const gone = await client.call("extract_text", { document: uploaded.file });
    expect(gone.text).toMatch(/^InputError: .*no file that is kept here[\s\S]*PUT \/files/);
  });

  it("links the pictures of results, by address, as a resource, and as the next call's input", async () => {
    const { file } = await put(coffee);
    const { data, blocks } = await client.call("describe_image", { image: file, annotate: true });
    expect(data.annotated).toMatch(new RegExp(`^${server.origin}/files/coffee-[0-9a-f]{16}-annotated-[0-9a-f]{16}\\.jpg$`));
    const drawn = Buffer.from(await (await fetch(data.annotated, { headers: AUTHORIZED })).arrayBuffer());
    expect(imageSize(drawn)).toMatchObject({ width: data.width, height: data.height, type: "jpg" });
    const link = blocks.find(({ type }) => type === "resource_link");
    expect(link).toMatchObject({ uri: expect.stringMatching(/^sightline:\/\/files\//), mimeType: "image/jpeg" });
    const { blob, mimeType } = await client.readResource(link?.uri ?? "");
    expect(mimeType).toBe("image/jpeg");
    expect(Buffer.from(blob ?? "", "base64").equals(drawn)).toBe(true);
    expect((await client.call("describe_image", { image: data.annotated })).isError).toBe(false);
  });

  it.each([
    ["a text", "Dear Sir or Madam", 422, /is text/],
    ["nothing", "", 422, /is empty/],
  ])("refuses %s, in words, and keeps nothing of it", async (_, body, status, says) => {
    const before = await readdir(path.join(cache, "sightline/uploads")).catch(() => []);
    const response = await fetch(`${server.origin}/files`, { method: "PUT", headers: AUTHORIZED, body });
    expect(response.status).toBe(status);
    expect(((await response.json()) as { error: string }).error).toMatch(says);
    expect(await readdir(path.join(cache, "sightline/uploads"))).toEqual(before);
  });

  it("refuses a file that says it is too large, before it is sent", async () => {
    const response = await fetch(`${server.origin}/files`, {
      method: "PUT",
      headers: { ...AUTHORIZED, "Content-Length": "1000000001" },
      body: new ReadableStream({ pull: (controller) => controller.error(new Error("it was sent")) }),
      duplex: "half",
    } as RequestInit).catch((error: unknown) => error);
    if (response instanceof Response) expect(response.status).toBe(413);
  });

  it("leaves nothing of a file whose sender went away", async () => {
    const going = new AbortController();
    const sent = fetch(`${server.origin}/files`, {
      method: "PUT",
      headers: AUTHORIZED,
      signal: going.signal,
      duplex: "half",
      body: new ReadableStream({
        async pull(controller) {
          controller.enqueue(new Uint8Array(1000));
          // Once the server has begun to write it.
          const begun = await readdir(path.join(cache, "sightline/uploads")).catch(() => []);
          if (begun.some((name) => name.endsWith(".part"))) going.abort();
        },
      }),
    } as RequestInit);
    await expect(sent).rejects.toThrow();
    await expect
      .poll(async () => (await readdir(path.join(cache, "sightline/uploads"))).filter((name) => name.endsWith(".part")))
      .toEqual([]);
  });

  it("wants the token for every file, and reads no path of the server's machine, allowed or not", async () => {
    for (const method of ["PUT", "GET", "DELETE"]) expect((await fetch(`${server.origin}/files/x.png`, { method })).status).toBe(401);
    for (const image of [coffee, `file://${coffee}`, "/etc/hostname", "coffee.png"]) {
      const { isError, text } = await client.call("describe_image", { image });
      expect(isError).toBe(true);
      expect(text).toMatch(/reads no paths[\s\S]*PUT \/files/);
    }
    for (const id of ["..%2f..%2fetc%2fhostname", "..%2f", "x"])
      expect((await fetch(`${server.origin}/files/${id}`, { headers: AUTHORIZED })).status).toBe(404);
  });
});

describe.each(ERAS)("results that are saved, over standard input and output, %s", (era) => {
  it("are files of this machine, and resources", async () => {
    const server = await connect({ era });
    try {
      const { data, blocks } = await server.call("describe_image", { image: coffee, annotate: true });
      const bytes = await readFile(data.annotated);
      const link = blocks.find(({ type }) => type === "resource_link");
      const { blob } = await server.readResource(link?.uri ?? "");
      expect(Buffer.from(blob ?? "", "base64").equals(bytes)).toBe(true);
      await expect(server.readResource("sightline://files/nothing-0123456789abcdef.jpg")).rejects.toThrow();
    } finally {
      await server.close();
    }
  });
});

describe.each(["2.x client, 2026-07-28", "1.x client"] as const)("pictures of results, %s", (era) => {
  it("are shown inline with --pictures inline, without structured content that would hide them", async () => {
    const server = await connect({ era, args: ["--backend", "none", "--allow", SAMPLES, "--pictures", "inline"] });
    try {
      const { outputSchema } = (await server.listTools()).find(({ name }) => name === "describe_image") ?? {};
      expect(outputSchema).toBeUndefined();
      const { data, blocks, text } = await server.call("describe_image", { image: coffee, annotate: true });
      expect(data).toBeUndefined();
      const picture = blocks.find(({ type }) => type === "image");
      expect(imageSize(Buffer.from(picture?.data ?? "", "base64"))).toMatchObject({ type: "jpg" });
      expect(text).toContain("cup");
    } finally {
      await server.close();
    }
  });
});
