import { DOMParser } from "@xmldom/xmldom";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { getDocumentProxy } from "unpdf";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import xpath from "xpath";
import { example } from "./flows.ts";
import { type MailServer, startMailServer } from "./mail.ts";
import { connectN8n, CORPORA, type Execution, type Item, type NamedFile, type Workflow } from "./n8n.ts";

const n8n = connectN8n(inject("n8n"));
const FOLDER = path.join(CORPORA, "zugferd");

const mail = existsSync(FOLDER) ? await startMailServer() : undefined;

interface Row {
  readonly number: unknown;
  readonly date: unknown;
  readonly seller: unknown;
  readonly net: unknown;
  readonly tax: unknown;
  readonly gross: unknown;
}

/** What XPath finds in the XML (CII) of a PDF, both opened by libraries that the node does not use; undefined for other invoices. */
async function truth(name: string): Promise<Row | undefined> {
  const document = await getDocumentProxy(new Uint8Array(readFileSync(path.join(FOLDER, name))));
  const attachments = (await document.getAttachments()) as ReadonlyMap<string, { readonly filename: string }> | null;
  const key = [...(attachments ?? [])].find(([, { filename }]) => filename.endsWith(".xml"))?.[0];
  const xml = key === undefined ? null : await document.getAttachmentContent(key);
  if (xml === null) return undefined;
  const dom = new DOMParser().parseFromString(
    Buffer.from(xml)
      .toString("utf8")
      .replace(/^\ufeff/, ""),
    "text/xml",
  );
  if (dom.documentElement?.localName !== "CrossIndustryInvoice") return undefined;
  const at = (...path: string[]): string =>
    (xpath.select(`string(/${path.map((each) => `/*[local-name()='${each}']`).join("")})`, dom as unknown as Node) as string).trim();
  const total = (field: string): number => Number(at("SpecifiedTradeSettlementHeaderMonetarySummation", field));
  return {
    number: at("ExchangedDocument", "ID"),
    date: at("ExchangedDocument", "IssueDateTime", "DateTimeString").replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3"),
    seller: at("SellerTradeParty", "Name"),
    net: total("TaxBasisTotalAmount"),
    tax: total("TaxTotalAmount"),
    gross: total("GrandTotalAmount"),
  };
}

/** The same of an item that came out. */
function rowOf({ json }: Item): Row {
  const {
    number,
    issue_date: date,
    seller,
    totals,
  } = json as { number: string; issue_date: string; seller: { name: string }; totals: Row };
  return { number, date, seller: seller.name, net: Number(totals.net), tax: Number(totals.tax), gross: Number(totals.gross) };
}

/** Real invoices. */
const PDFS: string[] = [];
if (mail !== undefined) {
  for (const name of readdirSync(FOLDER).filter((each) => each.endsWith(".pdf"))) {
    if (PDFS.length < 3 && (await truth(name)) !== undefined) PDFS.push(name);
  }
}

function pdf(name: string): NamedFile {
  return { name, type: "application/pdf", bytes: readFileSync(path.join(FOLDER, name)) };
}

/** The example as a user imports it, on the model server's credential: it is down, so that whoever asks it fails. */
function flow(): Workflow {
  return example(
    "invoices-from-email",
    { "Extract Invoice": { authentication: "sightlineModelApi" } },
    { sightlineServerApi: "sightlineModelApi" },
  );
}

let credential = "";

async function mailbox(server: MailServer, user: string): Promise<string> {
  const imap = await n8n.credential(user, "imap", server.credential(user));
  const id = await n8n.workflow(flow(), { imap, sightlineModelApi: credential });
  await server.listening(user);
  return id;
}

const rows = (execution: Execution): Record<string, unknown>[] =>
  [...(execution.outputs("Rows")[0] ?? []), ...(execution.outputs("For Review")[0] ?? [])].map(({ json }) => json);

describe.skipIf(mail === undefined)("invoices from email (needs dovecot and the corpora)", () => {
  const server = mail as MailServer;
  beforeAll(async () => {
    credential = await n8n.credential("down", "sightlineModelApi", { provider: "ollama", baseUrl: "http://127.0.0.1:9", apiKey: "" });
  });
  afterAll(() => server.close());

  it("come out as rows equal to their XML within seconds, with no model called", async () => {
    const id = await mailbox(server, "mail-one");
    const [name] = PDFS as [string];
    const delivered = await server.deliver("mail-one", "Our invoice", [pdf(name)]);
    const execution = await n8n.execution(id);
    process.stderr.write(`From delivery to rows: ${Date.parse(execution.stoppedAt) - delivered} ms\n`);
    expect(execution.status).toBe("success");
    const [item] = execution.outputs("Extract Invoice")[0] ?? [];
    const row = rowOf(item as Item);
    expect(row).toEqual(await truth(name));
    expect(item?.json["usage"]).toEqual({ calls: 0, input_tokens: 0, output_tokens: 0, models: [], servers: [] });
    expect(rows(execution)).toEqual([expect.objectContaining({ number: row.number, mail: "Our invoice" })]);
  });

  it("of one mail come out one by one; a logo and a signature are left out with a note", async () => {
    const id = await mailbox(server, "mail-three");
    const logo = await sharp({ create: { width: 180, height: 60, channels: 3, background: "red" } })
      .png()
      .toBuffer();
    const [, first, second] = PDFS as [string, string, string];
    await server.deliver("mail-three", "Two invoices", [
      { name: "logo.png", type: "image/png", bytes: logo },
      pdf(first),
      { name: "smime.p7s", type: "application/pkcs7-signature", bytes: Buffer.from("3082", "hex") },
      pdf(second),
    ]);
    const items = (await n8n.execution(id)).outputs("Extract Invoice")[0] ?? [];
    expect(items.map(({ json, pairedItem }) => ({ number: json["number"], file: json["file"], pairedItem }))).toEqual([
      { number: (await truth(first))?.number, file: first, pairedItem: { item: 0 } },
      { number: (await truth(second))?.number, file: second, pairedItem: { item: 0 } },
    ]);
    for (const { json } of items) {
      expect(json["warnings"]).toEqual(
        expect.arrayContaining([expect.stringContaining("Skipped logo.png"), expect.stringContaining("Skipped smime.p7s")]),
      );
    }
  });

  it("come with whatever else mails bring, which is left out and told", async () => {
    const id = await mailbox(server, "mail-odd");
    const [name] = PDFS as [string];
    const text = (file: string, type: string, words: string): NamedFile => ({ name: file, type, bytes: Buffer.from(words) });
    const others = [
      text("logo.svg", "image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><circle r="9"/></svg>'),
      text("mail.html", "text/html", "<div><p>Please find our invoice attached.</p></div>"),
      text(
        "page.xhtml",
        "application/xhtml+xml",
        '<?xml version="1.0"?>\n<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
      ),
      text("empty.pdf", "application/pdf", ""),
      text("scans.zip", "application/zip", "PK\u0003\u0004\u0014\u0000"),
      text("invite.ics", "text/calendar", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
      text("winmail.dat", "application/ms-tnef", 'x\u009f>"'),
    ];
    await server.deliver("mail-odd", "An invoice, and more", [
      ...others,
      { ...pdf(name), name: "Rechnung Nr 5, Müller & Söhne.PDF", type: "application/octet-stream" },
    ]);
    const execution = await n8n.execution(id);
    expect(execution.outputs("Extract Invoice")[1] ?? []).toEqual([]);
    const items = execution.outputs("Extract Invoice")[0] ?? [];
    expect(items.map(({ json }) => json["number"])).toEqual([(await truth(name))?.number]);
    const warnings = items[0]?.json["warnings"] as string[];
    for (const other of others) expect(warnings).toContainEqual(expect.stringMatching(`Skipped ${other.name}: (it is|as a drawing)`));
    expect(warnings).toContainEqual(expect.stringContaining("n8n's node Compression unpacks archives"));
  });

  it("that are damaged go out of the error output, and the others succeed", async () => {
    const id = await mailbox(server, "mail-damaged");
    const [good] = PDFS as [string];
    await server.deliver("mail-damaged", "One is broken", [
      {
        name: "broken.pdf",
        type: "application/pdf",
        bytes: Buffer.concat([Buffer.from("%PDF-1.7\n"), pdf(good).bytes.subarray(5000, 9000)]),
      },
      pdf(good),
    ]);
    const execution = await n8n.execution(id);
    expect(execution.outputs("Extract Invoice")[0]?.map(({ json }) => json["file"])).toEqual([good]);
    expect(execution.outputs("Not Read")[0]?.map(({ json }) => json)).toEqual([
      { mail: "One is broken", why: expect.stringContaining("broken.pdf") },
    ]);
  });
});
