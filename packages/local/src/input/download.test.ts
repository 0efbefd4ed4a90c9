import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo, LookupFunction } from "node:net";
import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { download, type DownloadPolicy } from "./download.ts";
import { createInputReader } from "./read.ts";

const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const HOST = "pictures.example";

/** Looks up every test name as `address`: this machine, where the test's server is. */
const resolvesTo =
  (...addresses: string[]): LookupFunction =>
  (_host, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );

let server: Server;
let port: number;
let ca: string;
const open = new Set<object>();
const requests: string[] = [];

beforeAll(async () => {
  const pems = await generate([{ name: "commonName", value: HOST }], {
    extensions: [
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: HOST },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  ca = pems.cert;
  const redirect = (response: ServerResponse, location: string) => response.writeHead(302, { location }).end();
  const routes: Record<string, (response: ServerResponse) => void> = {
    "/cat.png": (response) => response.writeHead(200, { "content-type": "text/html" }).end(PNG),
    "/page": (response) => response.writeHead(200, { "content-type": "image/png" }).end("<!doctype html><title>Log in</title>"),
    "/gzip": (response) => response.writeHead(200, { "content-encoding": "gzip" }).end(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])),
    "/empty": (response) => response.writeHead(200).end(),
    "/no-content": (response) => response.writeHead(204).end(),
    "/announced": (response) => response.writeHead(200, { "content-length": "999999999" }).write("x"),
    "/cut": (response) => {
      response.writeHead(200, { "content-length": "1000" }).write(PNG);
      response.destroy();
    },
    "/endless": (response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.writeHead(200).on("drain", more);
      more();
    },
    "/trickle": (response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write("x"), 20);
      response.on("close", () => clearInterval(timer));
    },
    "/stalls": (response) => response.writeHead(200).write(PNG),
    "/silent": () => {},
    "/moved": (response) => redirect(response, "/cat.png"),
    "/loop": (response) => redirect(response, "/loop"),
    "/nowhere": (response) => response.writeHead(302).end(),
    "/to-http": (response) => redirect(response, `http://${HOST}:${port}/cat.png`),
    "/to-loopback": (response) => redirect(response, `https://127.0.0.1:${port}/cat.png`),
    "/to-mapped": (response) => redirect(response, `https://[::ffff:127.0.0.1]:${port}/cat.png`),
    "/to-private-name": (response) => redirect(response, `https://inside.example:${port}/cat.png`),
    "/to-file": (response) => redirect(response, "file:///etc/passwd"),
    "/to-credentials": (response) => redirect(response, `https://me:secret@${HOST}:${port}/cat.png`),
  };
  server = createServer({ key: pems.private, cert: pems.cert }, (request, response) => {
    const path = request.url?.split("?")[0] ?? "";
    requests.push(`${request.headers.host} ${path}`);
    const route = routes[path];
    if (route === undefined) response.writeHead(404).end("not here");
    else route(response);
  });
  server.on("secureConnection", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  server.listen(0, "0.0.0.0");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Linux answers on all of 127.0.0.0/8: one address of it stands for a public one, every other keeps being what it is. */
const PUBLIC = "127.0.0.2";

const policy = (more: Partial<DownloadPolicy> = {}): Partial<DownloadPolicy> => ({
  ca,
  lookup: (host, options, callback) => resolvesTo(...(host === HOST ? [PUBLIC] : ["127.0.0.1"]))(host, options, callback),
  mayConnect: (address) => address === PUBLIC,
  ...more,
});

const get = (path: string, more: Partial<DownloadPolicy> = {}, signal?: AbortSignal) =>
  download(`https://${HOST}:${port}${path}`, { policy: policy(more), signal });

const refused = async (work: Promise<unknown>): Promise<{ kind: string; message: string; hint?: string }> => {
  try {
    await work;
  } catch (error) {
    return error as { kind: string; message: string; hint?: string };
  }
  throw new Error("nothing was refused");
};

const noConnectionIsLeft = async () => {
  while (open.size > 0) await new Promise((resolve) => setImmediate(resolve));
};

describe.skipIf(process.platform !== "linux")("download (its stand-in for a public address needs Linux)", () => {
  it("fetches a picture, follows redirects, and keeps the query out of the name", async () => {
    expect(await get("/cat.png?token=secret")).toEqual({ bytes: PNG, name: `https://${HOST}:${port}/cat.png` });
    expect(await get("/moved")).toMatchObject({ name: `https://${HOST}:${port}/cat.png` });
    await noConnectionIsLeft();
  });

  it("lets the reader tell by the bytes what came, whatever the server calls it", async () => {
    const reader = createInputReader({ allow: [], download: policy() });
    expect(await reader.read(`https://${HOST}:${port}/cat.png`, { accept: ["image"] })).toMatchObject({
      kind: "image",
      mediaType: "image/png",
    });
    expect(await refused(reader.read(`https://${HOST}:${port}/page`, { accept: ["image"] }))).toMatchObject({
      kind: "InputError",
      message: expect.stringMatching(/is an HTML page, not a picture/),
    });
    expect(await refused(reader.read(`https://${HOST}:${port}/gzip`, { accept: ["image"] }))).toMatchObject({
      kind: "InputError",
      message: expect.stringMatching(/gzip/),
    });
  });

  it.each<[string, Partial<DownloadPolicy>, RegExp]>([
    ["/missing", {}, /answered 404/],
    ["/empty", {}, /0 bytes/],
    ["/no-content", {}, /answered 204/],
    ["/announced", {}, /1000 MB large; at most 50 MB/],
    ["/endless", { maxBytes: 3_000_000 }, /more than 3 MB/],
    ["/cut", {}, /could not be fetched/],
    ["/silent", { headersTimeout: 50 }, /did not answer within|was not complete/],
    ["/silent", { totalTimeout: 100 }, /was not complete after 0\.1 s/],
    ["/stalls", { totalTimeout: 100 }, /was not complete after 0\.1 s/],
    ["/trickle", { totalTimeout: 300 }, /was not complete after 0\.3 s/],
    ["/loop", {}, /redirects more than 5 times/],
    ["/nowhere", {}, /redirects to nowhere/],
    ["/to-http", {}, /redirects to http:.*not https/],
    ["/to-file", {}, /redirects to file:.*not https/],
    ["/to-credentials", {}, /user name or password/],
    ["/to-loopback", {}, /127\.0\.0\.1 is not a public/],
    ["/to-mapped", {}, /is not a public/],
    ["/to-private-name", {}, /inside\.example is not a public/],
    ["/cat.png", { ca: undefined }, /no valid certificate/],
    ["/cat.png", { mayConnect: () => false }, /pictures\.example is not a public/],
  ])("ends %s %o in clear words and leaves no connection", async (path, more, message) => {
    requests.length = 0;
    const error = await refused(get(path, more));
    expect(error).toMatchObject({ kind: "InputError", message: expect.stringMatching(message) });
    expect(error.message).not.toContain("secret");
    expect(requests.filter((request) => !request.startsWith(`${HOST}:`))).toEqual([]);
    await noConnectionIsLeft();
  });

  it("connects only to the public ones of a name's addresses", async () => {
    expect(await get("/cat.png", { lookup: resolvesTo("10.0.0.7", "fd00::1", PUBLIC) })).toMatchObject({ bytes: PNG });
  });

  it("says so when a name is unknown or nothing listens", async () => {
    const lookup: LookupFunction = (_host, _options, callback) =>
      callback(Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" }), []);
    expect(await refused(get("/cat.png", { lookup }))).toMatchObject({
      kind: "InputError",
      message: expect.stringMatching(/pictures\.example was not found/),
    });
    const closed = createServer({}).listen(0, "127.0.0.1");
    await once(closed, "listening");
    const free = (closed.address() as AddressInfo).port;
    closed.close();
    await once(closed, "close");
    expect(await refused(download(`https://${HOST}:${free}/cat.png`, { policy: policy() }))).toMatchObject({
      kind: "InputError",
      message: expect.stringMatching(/ECONNREFUSED/),
    });
  });

  it("throws the signal's reason when cancelled in the middle", async () => {
    const cancel = new AbortController();
    const reason = new Error("enough");
    const work = refused(get("/stalls", {}, cancel.signal));
    while (!requests.at(-1)?.endsWith("/stalls")) await new Promise((resolve) => setImmediate(resolve));
    cancel.abort(reason);
    expect(await work).toBe(reason);
    await noConnectionIsLeft();
  });
});

describe("the guard as it ships", () => {
  it.each([
    "http://169.254.169.254/latest/meta-data/",
    "http://[::ffff:127.0.0.1]/",
    "http://example.com/cat.png",
    "https://user:secret@example.com/cat.png",
    "https://",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://017700000001/",
    "https://0/",
    "https://10.1.2.3/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/",
    "https://100.64.0.1/",
    "https://198.18.0.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://[::]/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[4000::1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b:1::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[2001:0:7f00:1::]/",
    "https://[fe80::1]/",
    "https://[fc00::1]/",
    "https://[fd12:3456::1]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://localhost/",
  ])("refuses %s", async (url) => {
    const error = await refused(download(url));
    expect(error).toMatchObject({
      kind: "InputError",
      message: expect.stringMatching(/not a public|not https|user name|not a URL/),
      hint: expect.any(String),
    });
    expect(error.message).not.toContain("secret");
  });

  it.each(["10.0.0.7", "127.0.0.1", "::1", "::ffff:10.0.0.7", "169.254.169.254", "fd00::1", "not an address"])(
    "refuses a name that stands for %s",
    async (address) => {
      expect(await refused(download("https://pictures.example/", { policy: { lookup: resolvesTo(address) } }))).toMatchObject({
        kind: "InputError",
        message: expect.stringContaining("pictures.example is not a public"),
      });
    },
  );
});
