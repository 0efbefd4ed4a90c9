import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writePdf } from "../documents/write-pdf.ts";
import { connectOverHttp, SAMPLES, startHttpServer, type HttpServer } from "../mcp/connect.ts";

const TOKEN = "a-token-for-the-tests-0123456789";
const invoice = path.join(SAMPLES, "invoice.png");
const pdf = path.join(SAMPLES, "invoice.pdf");

interface Sent {
  readonly status: number;
  readonly body: { readonly id: string; readonly replaced: boolean; readonly changed: readonly string[]; readonly error: string };
}

async function post(origin: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Sent> {
  const response = await fetch(`${origin}/corrections`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Sent["body"] };
}

/** Only what the tests look at. */
interface Answer {
  readonly invoices: readonly { readonly invoice: { readonly number?: string; readonly totals?: Readonly<Record<string, string>> } }[];
}

/** The answer with another gross total in its first invoice. */
function withGross(output: Answer, gross: string): Answer {
  const changed = structuredClone(output) as { invoices: { invoice: { totals?: Record<string, string> } }[] };
  const first = changed.invoices[0]?.invoice;
  if (first === undefined) throw new Error("no invoice");
  first.totals = { ...first.totals, gross };
  return changed;
}

let root: string;
beforeAll(async () => void (root = await mkdtemp(path.join(tmpdir(), "sightline-corrections-"))));
afterAll(() => rm(root, { recursive: true, force: true }));

describe("corrections over HTTP, on this machine", () => {
  let server: HttpServer;
  let folder: string;
  let output: Answer;
  const call = (name: string, input: Record<string, unknown>) =>
    connectOverHttp(server).then(async (client) => {
      const { data, isError, text } = await client.call(name, input);
      await client.close();
      expect(isError, text).toBe(false);
      return data as Answer;
    });

  beforeAll(async () => {
    folder = path.join(root, "kept");
    server = await startHttpServer({
      args: ["--backend", "none", "--allow", SAMPLES, "--keep-corrections", folder],
      env: { XDG_CACHE_HOME: path.join(root, "cache") },
    });
    output = await call("extract_invoice", { document: pdf });
  });
  afterAll(() => server.close());

  const correction = async (id: string) =>
    JSON.parse(await readFile(path.join(folder, id, "correction.json"), "utf8")) as Record<string, never>;

  it("says that they are kept", async () => {
    const response = await fetch(`${server.origin}/corrections`);
    expect([response.status, await response.json()]).toEqual([200, { keeps: true }]);
  });

  it("keeps the document as it is, its pages as pictures, and what was wrong", async () => {
    const given = { tool: "extract_invoice", arguments: { document: pdf }, output, corrected: withGross(output, "999.99") };
    const { status, body } = await post(server.origin, given);
    expect({ status, body }).toEqual({
      status: 201,
      body: { id: expect.stringMatching(/^extract-invoice-[0-9a-f]{16}$/), replaced: false, changed: ["invoices[0].totals.gross"] },
    });
    const kept = await correction(body.id);
    expect(kept).toMatchObject({
      format: 1,
      id: body.id,
      task: "extract_invoice",
      answered_by: "embedded",
      output,
      corrected: given.corrected,
      changed: ["invoices[0].totals.gross"],
      prompt: expect.stringContaining("- totals_gross: total with tax"),
      files: [
        {
          field: "document",
          in_list: false,
          file: "document-1.pdf",
          name: "invoice.pdf",
          media_type: "application/pdf",
          page_count: 1,
          pages: [{ page: 1, file: expect.stringMatching(/^document-1-page-1\.(?:png|jpg)$/) }],
        },
      ],
    });
    expect(kept["arguments"]).not.toHaveProperty("document");
    const place = path.join(folder, body.id);
    expect(await readFile(path.join(place, "document-1.pdf"))).toEqual(await readFile(pdf));
    const page = (kept["files"] as unknown as { pages: { file: string; width: number; height: number }[] }[])[0]?.pages[0];
    expect(await sharp(path.join(place, page?.file ?? "")).metadata()).toMatchObject({ width: page?.width, height: page?.height });
    // 750 points high, at 200 dots per inch.
    expect(Math.abs((page?.height ?? 0) - (750 / 72) * 200)).toBeLessThan(5);
    for (const each of [folder, place]) expect((await stat(each)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(place)) expect((await stat(path.join(place, name))).mode & 0o777).toBe(0o600);
  });

  it("lets a later correction of the same answer take the place of the first, also when several come at once", async () => {
    const answers = ["1.00", "2.00", "3.00", "4.00"].map((gross) => ({
      tool: "extract_invoice",
      // Another way to write what is the default.
      arguments: { document: pdf, compare: false },
      output,
      corrected: withGross(output, gross),
    }));
    const sent = await Promise.all(answers.map((each) => post(server.origin, each)));
    expect(new Set(sent.map(({ body }) => body.id)).size).toBe(1);
    const id = sent[0]?.body.id ?? "";
    expect(answers.map(({ corrected }) => corrected)).toContainEqual((await correction(id))["corrected"]);
    const last = await post(server.origin, { ...answers[0], corrected: withGross(output, "5.00") });
    expect(last.body).toMatchObject({ id, replaced: true });
    expect((await correction(id))["corrected"]).toEqual(withGross(output, "5.00"));
    expect((await readdir(folder)).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("takes pictures by handle, by link and as a data: URI, and keeps no data: URI", async () => {
    const bytes = await readFile(invoice);
    const uploaded = (await (await fetch(`${server.origin}/files/bill.png`, { method: "PUT", body: bytes })).json()) as {
      id: string;
      file: string;
    };
    const answer = await call("extract_invoice", { document: uploaded.file });
    const documents = [uploaded.file, `${server.origin}/files/${uploaded.id}`, `data:image/png;base64,${bytes.toString("base64")}`];
    const sent = [];
    for (const document of documents)
      sent.push(await post(server.origin, { tool: "extract_invoice", arguments: { document }, output: answer, corrected: answer }));
    // The same bytes, asked about in the same way: one correction.
    expect(sent.map(({ status, body }) => [status, body.replaced, body.changed])).toEqual([
      [201, false, []],
      [201, true, []],
      [201, true, []],
    ]);
    const text = await readFile(path.join(folder, sent[0]?.body.id ?? "", "correction.json"), "utf8");
    expect(text).not.toContain("base64");
    expect(text).toContain('"file": "document-1.png"');
  });

  it("keeps no password, and the pages of what it opened", async () => {
    const locked = await writePdf((page) => void page.text("Invoice 17"), { userPassword: "hunter2", pdfVersion: "1.7" });
    const document = `data:application/pdf;base64,${Buffer.from(locked).toString("base64")}`;
    const { status, body } = await post(server.origin, {
      tool: "extract_invoice",
      arguments: { document, password: "hunter2" },
      output,
      corrected: output,
    });
    expect([status, body.error]).toEqual([201, undefined]);
    expect(JSON.stringify(await correction(body.id))).not.toContain("hunter2");
    expect(await readdir(path.join(folder, body.id))).toHaveLength(3);
  });

  it("notes which model answered, and where, as far as it was told", async () => {
    const answer = {
      description: "A bill",
      alt_text: "A bill",
      kind: "invoice",
      width: 1,
      height: 1,
      source: "model",
      model: "llama",
      warnings: [],
    };
    const usage = { calls: 1, input_tokens: 10, output_tokens: 5, models: ["llama"], servers: ["http://gpu:8000/v1"] };
    const given = {
      tool: "describe_image",
      arguments: { image: invoice },
      output: answer,
      corrected: { ...answer, description: "An invoice" },
    };
    const { body } = await post(server.origin, { ...given, usage });
    expect(body.changed).toEqual(["description"]);
    expect((await correction(body.id))["answered_by"]).toEqual({ model: "llama", server: "http://gpu:8000/v1" });
  });

  it("leaves nothing behind when its sender goes away, and says nothing of it", async () => {
    const long = await writePdf((document) => {
      for (let page = 1; page <= 60; page++) (page === 1 ? document : document.addPage()).text(`Page ${page} of a long invoice`);
    });
    const going = new AbortController();
    const before = await readdir(folder);
    const sent = fetch(`${server.origin}/corrections`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      signal: going.signal,
      body: JSON.stringify({
        tool: "extract_invoice",
        arguments: { document: `data:application/pdf;base64,${Buffer.from(long).toString("base64")}` },
        output,
        corrected: output,
      }),
    }).catch(() => "given up");
    const unfinished = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.startsWith("."));
    await expect.poll(unfinished, { interval: 5 }).toHaveLength(1);
    going.abort();
    expect(await sent).toBe("given up");
    await expect.poll(unfinished).toEqual([]);
    expect(await readdir(folder)).toEqual(before);
    expect(server.stderr()).not.toContain("/corrections:");
  });

  it.each<[string, (given: Record<string, unknown>) => unknown, RegExp]>([
    [
      "a corrected value of another form",
      (given) => ({ ...given, corrected: withGross(output, "about 5") }),
      /corrected: invoices\[0\]\.invoice\.totals\.gross/,
    ],
    [
      "a corrected answer with a field that there is none of",
      (given) => ({ ...given, corrected: { ...output, totl: 1 } }),
      /no field "totl"/,
    ],
    [
      "a field that there is none of, deep inside",
      (given) => ({ ...given, corrected: JSON.parse(JSON.stringify(output).replace('"totals":{', '"totals":{"grand":"1",')) as unknown }),
      /no field "invoices\[0\]\.invoice\.totals\.grand"/,
    ],
    ["a tool that there is none of", (given) => ({ ...given, tool: "../../etc" }), /no task "\.\.\/\.\.\/etc"/],
    ["a tool whose answers nobody corrects", (given) => ({ ...given, tool: "search_video" }), /Corrections of search_video are not kept/],
    ["an argument that there is none of", (given) => ({ ...given, arguments: { document: pdf, id: "../x" } }), /no field "id"/],
    ["a path that is not allowed", (given) => ({ ...given, arguments: { document: "/etc/hostname" } }), /\/etc\/hostname/],
    [
      "a handle that leads elsewhere",
      (given) => ({ ...given, arguments: { document: "sightline://files/..%2f..%2fetc%2fhostname" } }),
      /no file that is kept here/,
    ],
    ["a file that is no picture", (given) => ({ ...given, arguments: { document: path.join(SAMPLES, "README.md") } }), /README\.md/],
    ["a part of it", ({ tool, corrected }) => ({ tool, arguments: { document: pdf }, corrected }), /output is missing/],
    ["anything else", () => [1, 2], /must be an object/],
  ])("refuses %s, and keeps nothing", async (_, change, words) => {
    const before = await readdir(folder);
    const { status, body } = await post(
      server.origin,
      change({ tool: "extract_invoice", arguments: { document: pdf }, output, corrected: output }),
    );
    expect(status).toBe(422);
    expect(body.error).toMatch(words);
    expect(await readdir(folder)).toEqual(before);
  });

  it("refuses what is no JSON, what is too large, and pages of other sites", async () => {
    expect((await post(server.origin, "{")).status).toBe(400);
    expect((await post(server.origin, "{}", { "Content-Type": "text/plain" })).status).toBe(415);
    expect((await post(server.origin, JSON.stringify({ tool: "x".repeat(65 * 1024 * 1024) }))).status).toBe(413);
    expect((await post(server.origin, {}, { Origin: "https://evil.example" })).status).toBe(403);
  });
});

describe("corrections elsewhere", () => {
  it("are not kept where nobody asked for it", async () => {
    const server = await startHttpServer({ env: { XDG_CACHE_HOME: path.join(root, "cache") } });
    try {
      expect(await (await fetch(`${server.origin}/corrections`)).json()).toEqual({ keeps: false });
      expect(await post(server.origin, {})).toMatchObject({ status: 404, body: { error: expect.stringContaining("--keep-corrections") } });
    } finally {
      await server.close();
    }
  });

  it("want the token beyond this machine, and read no path there", async () => {
    const folder = path.join(root, "remote");
    const server = await startHttpServer({
      args: ["--http", "0.0.0.0:0", "--backend", "none", "--allow", SAMPLES],
      env: { SIGHTLINE_HTTP_TOKEN: TOKEN, SIGHTLINE_KEEP_CORRECTIONS: folder, XDG_CACHE_HOME: path.join(root, "cache") },
    });
    try {
      const given = { tool: "describe_image", arguments: { image: invoice }, output: {}, corrected: {} };
      expect((await post(server.origin, given)).status).toBe(401);
      const answer = { description: "A bill", alt_text: "A bill", kind: "invoice", width: 1, height: 1, source: "embedded", warnings: [] };
      const sent = await post(server.origin, { ...given, output: answer, corrected: answer }, { Authorization: `Bearer ${TOKEN}` });
      expect(sent).toMatchObject({ status: 422, body: { error: expect.stringContaining("reads no paths") } });
    } finally {
      await server.close();
    }
  });

  it("fail in words where the folder cannot be written", async () => {
    const server = await startHttpServer({
      args: ["--backend", "none", "--allow", SAMPLES, "--keep-corrections", path.join(invoice, "no-folder")],
      env: { XDG_CACHE_HOME: path.join(root, "cache") },
    });
    try {
      const answer = { description: "A bill", alt_text: "A bill", kind: "invoice", width: 1, height: 1, source: "embedded", warnings: [] };
      const sent = await post(server.origin, { tool: "describe_image", arguments: { image: invoice }, output: answer, corrected: answer });
      expect(sent).toMatchObject({ status: 507, body: { error: expect.stringContaining("--keep-corrections") } });
    } finally {
      await server.close();
    }
  });
});
