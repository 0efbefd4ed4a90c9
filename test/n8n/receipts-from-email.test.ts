import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Receipt, readReceipt, receiptNames } from "../../bench/receipts.ts";
import { type HttpServer, startHttpServer } from "../mcp/connect.ts";
import { example } from "./flows.ts";
import { type MailServer, startMailServer } from "./mail.ts";
import { connectN8n } from "./n8n.ts";

const n8n = connectN8n(inject("n8n"));

/** A few from all over the corpus. */
const names = (await receiptNames()).filter((_, index) => index % 17 === 0);
const mail = names.length === 0 ? undefined : await startMailServer();

/** The amount as a number, whatever is written before it. */
function amount(text: unknown): number {
  return Number(String(text).replace(/^\D+/, "").replaceAll(",", ""));
}

describe.skipIf(mail === undefined)("receipts from email (needs dovecot and the corpora)", () => {
  const mailServer = mail as MailServer;
  let server: HttpServer;
  beforeAll(async () => {
    server = await startHttpServer({ args: ["--backend", "none"] });
  });
  afterAll(() => Promise.all([mailServer.close(), server.close()]));

  it("are scans that come out as rows one by one; what is wrong about one goes for review", async () => {
    const credentials = {
      imap: await n8n.credential("receipts", "imap", mailServer.credential("mail-receipts")),
      sightlineServerApi: await n8n.credential("receipts server", "sightlineServerApi", { baseUrl: server.origin, token: "" }),
    };
    const id = await n8n.workflow(example("invoices-from-email"), credentials);
    await mailServer.listening("mail-receipts");
    const receipts: Receipt[] = await Promise.all(names.map(readReceipt));
    await mailServer.deliver(
      "mail-receipts",
      "Receipts",
      receipts.map(({ name, image }) => ({ name: `${name}.jpg`, type: "image/jpeg", bytes: image })),
    );
    const execution = await n8n.execution(id);
    expect(execution.status, JSON.stringify(execution.error)).toBe("success");
    expect(execution.outputs("Extract Invoice")[0]?.map(({ json, pairedItem }) => ({ file: json["file"], pairedItem }))).toEqual(
      receipts.map(({ name }) => ({ file: `${name}.jpg`, pairedItem: { item: 0 } })),
    );

    const [rows = []] = execution.outputs("Rows");
    const [forReview = []] = execution.outputs("For Review");
    expect(rows.length + forReview.length).toBe(receipts.length);
    const total = new Map(receipts.map(({ name, fields }) => [`${name}.jpg`, amount(fields.total)]));
    const right = ({ json }: { readonly json: Record<string, unknown> }): boolean =>
      amount(json["gross"]) === total.get(String(json["file"]));
    // A row that nobody is asked to look at has the receipt's total, and most are read right.
    expect(rows.filter((row) => !right(row)).map(({ json }) => json)).toEqual([]);
    expect([...rows, ...forReview].filter(right).length).toBeGreaterThan(receipts.length / 2);
    for (const { json } of forReview) expect(json["reasons"]).not.toBe("");
  });
});
