import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../errors.ts";
import { checkSums } from "./rules.ts";
import { invoiceAttachments, looksLikeInvoiceXml, readInvoiceXml } from "./embedded-xml.ts";
import { consistentInvoice, toCii, toUbl } from "./invoice.test-samples.ts";
import { invoiceShape, type Invoice } from "./schema.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Latin-1 holds each character up to 0xFF as its own byte. */
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

function utf16(text: string, isBigEndian: boolean, mark: boolean): Uint8Array {
  const marked = mark ? `\uFEFF${text}` : text;
  const view = new DataView(new ArrayBuffer(marked.length * 2));
  for (let at = 0; at < marked.length; at++) view.setUint16(at * 2, marked.charCodeAt(at), !isBigEndian);
  return new Uint8Array(view.buffer);
}

const SMALL: Invoice = {
  number: "R-Ä1",
  type: "invoice",
  type_code: "380",
  issue_date: "2026-01-02",
  currency: "EUR",
  totals: { tax: "0.16", gross: "1.00" },
};

/** What reads the value at a path of the evidence. */
function at(invoice: Invoice, path: string): unknown {
  return path.split(/[.[\]]+/).reduce<unknown>((node, key) => (key === "" ? node : (node as Record<string, unknown>)[key]), invoice);
}

describe("an invoice written as XML", () => {
  it.each([
    ["CII", (invoice: Invoice) => toCii(invoice)],
    ["CII with other prefixes", (invoice: Invoice) => toCii(invoice, "abc-1")],
    ["CII without a prefix", (invoice: Invoice) => toCii(invoice, "")],
    ["UBL", toUbl],
  ])("as %s is read as it was, each value with its evidence", async (_name, write) => {
    await fc.assert(
      fc.asyncProperty(consistentInvoice, async (invoice) => {
        const read = await readInvoiceXml(bytes(write(invoice)));
        expect(read.invoice).toEqual(invoice);
        expect(invoiceShape.strict().safeParse(read.invoice).success).toBe(true);
        expect(read.warnings).toEqual([]);
        expect(read.hasLines).toBe(true);
        expect(checkSums(read.invoice).filter(({ ok }) => !ok)).toEqual([]);
        for (const [path, { quote, grounded, source, page, box }] of Object.entries(read.evidence)) {
          expect(at(read.invoice, path)).toBeTypeOf("string");
          expect(quote).not.toBe("");
          expect([grounded, source, page, box]).toEqual([true, "xml", undefined, undefined]);
        }
        expect(Object.keys(read.evidence)).toHaveLength(countValues(invoice));
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ["UTF-8 with a mark", (text: string) => bytes(`\uFEFF${text}`)],
    ["UTF-16 LE with a mark", (text: string) => utf16(text.replace("UTF-8", "UTF-16"), false, true)],
    ["UTF-16 BE with a mark", (text: string) => utf16(text.replace("UTF-8", "UTF-16"), true, true)],
    ["UTF-16 LE", (text: string) => utf16(text.replace("UTF-8", "UTF-16"), false, false)],
    ["ISO-8859-1", (text: string) => latin1(text.replace("UTF-8", "ISO-8859-1"))],
    ["windows-1252", (text: string) => latin1(text.replace("UTF-8", "windows-1252"))],
    ["UTF-8 without a declaration, after an empty line", (text: string) => bytes(`\n ${text.replace(/^<\?xml[^>]*\?>/, "")}`)],
  ])("in %s is read", async (_name, encode) => {
    const file = encode(toCii(SMALL));
    expect(looksLikeInvoiceXml(file)).toBe(true);
    const read = await readInvoiceXml(file);
    expect(read.invoice).toEqual(SMALL);
    expect(read.warnings).toEqual([]);
  });

  it.each([
    ["an encoding that nobody knows", bytes(toCii(SMALL).replace("UTF-8", "UTF-8-W/O-BOM"))],
    ["UTF-16, though it is not in it", bytes(toCii(SMALL).replace("UTF-8", "UTF-16"))],
    ["UTF-8, though it is in Latin-1", latin1(toCii(SMALL))],
  ])("that claims %s is read, and says so", async (_name, file) => {
    const read = await readInvoiceXml(file);
    expect(read.invoice).toEqual(SMALL);
    expect(read.warnings).toHaveLength(1);
  });
});

function countValues(node: unknown): number {
  return typeof node === "object" && node !== null
    ? Object.values(node).reduce((count: number, child) => count + countValues(child), 0)
    : 1;
}

const CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100";

function cii(content: {
  readonly document?: string;
  readonly lines?: string;
  readonly agreement?: string;
  readonly settlement?: string;
}): Uint8Array {
  return bytes(
    `<CrossIndustryInvoice xmlns="${CII}"><ExchangedDocument>${content.document ?? ""}</ExchangedDocument><SupplyChainTradeTransaction>${content.lines ?? ""}` +
      `<ApplicableHeaderTradeAgreement>${content.agreement ?? ""}</ApplicableHeaderTradeAgreement>` +
      `<ApplicableHeaderTradeSettlement>${content.settlement ?? ""}</ApplicableHeaderTradeSettlement></SupplyChainTradeTransaction></CrossIndustryInvoice>`,
  );
}

describe("what stands in an invoice's XML", () => {
  it("is ZUGFeRD 1 too", async () => {
    const { invoice, syntax, profile } = await readInvoiceXml(
      bytes(
        `<r:CrossIndustryDocument xmlns:r="urn:ferd:CrossIndustryDocument:invoice:1p0"><r:SpecifiedExchangedDocumentContext><GuidelineSpecifiedDocumentContextParameter><ID>urn:ferd:CrossIndustryDocument:invoice:1p0:comfort</ID></GuidelineSpecifiedDocumentContextParameter></r:SpecifiedExchangedDocumentContext>` +
          `<r:HeaderExchangedDocument><ID>7</ID><TypeCode>381</TypeCode><IssueDateTime format="102">20140522</IssueDateTime></r:HeaderExchangedDocument><r:SpecifiedSupplyChainTradeTransaction>` +
          `<ApplicableSupplyChainTradeAgreement><SellerTradeParty><Name>A</Name></SellerTradeParty></ApplicableSupplyChainTradeAgreement>` +
          `<ApplicableSupplyChainTradeSettlement><InvoiceCurrencyCode>EUR</InvoiceCurrencyCode><SpecifiedTradeSettlementMonetarySummation><GrandTotalAmount currencyID="EUR">5.00</GrandTotalAmount></SpecifiedTradeSettlementMonetarySummation></ApplicableSupplyChainTradeSettlement>` +
          // A note among the lines is no line.
          `<IncludedSupplyChainTradeLineItem><AssociatedDocumentLineDocument><IncludedNote><Content>from delivery 12:</Content></IncludedNote></AssociatedDocumentLineDocument></IncludedSupplyChainTradeLineItem>` +
          `<IncludedSupplyChainTradeLineItem><SpecifiedSupplyChainTradeDelivery><BilledQuantity unitCode="HUR">2</BilledQuantity></SpecifiedSupplyChainTradeDelivery><SpecifiedTradeProduct><Name>Work</Name></SpecifiedTradeProduct></IncludedSupplyChainTradeLineItem>` +
          `</r:SpecifiedSupplyChainTradeTransaction></r:CrossIndustryDocument>`,
      ),
    );
    expect([syntax, profile]).toEqual(["zugferd-1", "COMFORT"]);
    expect(invoice).toEqual({
      number: "7",
      type: "credit_note",
      type_code: "381",
      issue_date: "2014-05-22",
      currency: "EUR",
      seller: { name: "A" },
      lines: [{ description: "Work", quantity: "2", unit: "HUR" }],
      totals: { gross: "5.00" },
    });
  });

  it("keeps characters and references as they are meant", async () => {
    const { invoice, evidence } = await readInvoiceXml(
      cii({
        document: "<ID>007&amp;lt;</ID>",
        agreement: "<SellerTradeParty><Name>M&#252;ller\n  &#x26; <![CDATA[<S&amp;hne>]]></Name></SellerTradeParty>",
      }),
    );
    expect(invoice).toEqual({ number: "007&lt;", seller: { name: "Müller & <S&amp;hne>" } });
    expect(evidence["seller.name"]?.quote).toBe("Müller\n  & <S&amp;hne>");
  });

  it("that is no amount, date, currency or IBAN is left out, with a warning", async () => {
    const { invoice, warnings } = await readInvoiceXml(
      cii({
        document: `<ID>1</ID><IssueDateTime><DateTimeString format="102">20260231</DateTimeString></IssueDateTime>`,
        settlement: `<InvoiceCurrencyCode>Euro</InvoiceCurrencyCode><SpecifiedTradeSettlementPaymentMeans><PayeePartyCreditorFinancialAccount><IBANID>12345</IBANID></PayeePartyCreditorFinancialAccount></SpecifiedTradeSettlementPaymentMeans><SpecifiedTradeSettlementHeaderMonetarySummation><GrandTotalAmount>1.234,50</GrandTotalAmount></SpecifiedTradeSettlementHeaderMonetarySummation>`,
      }),
    );
    expect(invoice).toEqual({ number: "1" });
    expect(warnings).toEqual([
      'The XML\'s InvoiceCurrencyCode is no currency code and was left out: "Euro".',
      'The XML\'s DateTimeString is no date and was left out: "20260231".',
      'The XML\'s GrandTotalAmount is no decimal number and was left out: "1.234,50".',
      'The XML\'s IBANID is no IBAN and was left out: "12345".',
    ]);
  });

  it("has the last of several due dates", async () => {
    const term = (day: string): string =>
      `<SpecifiedTradePaymentTerms><DueDateDateTime><DateTimeString format="102">${day}</DateTimeString></DueDateDateTime></SpecifiedTradePaymentTerms>`;
    const { invoice, warnings } = await readInvoiceXml(cii({ settlement: term("20260301") + term("20260201") }));
    expect(invoice).toEqual({ due_date: "2026-03-01" });
    expect(warnings).toEqual(["The XML has several due dates (2026-02-01, 2026-03-01): the last one was taken."]);
  });

  it("marks lines that are no part of the sum", async () => {
    const line = (status: string): string =>
      `<IncludedSupplyChainTradeLineItem><AssociatedDocumentLineDocument><LineStatusReasonCode>${status}</LineStatusReasonCode></AssociatedDocumentLineDocument><SpecifiedTradeProduct><Name>${status}</Name></SpecifiedTradeProduct></IncludedSupplyChainTradeLineItem>`;
    const { invoice } = await readInvoiceXml(cii({ lines: line("GROUP") + line("DETAIL") + line("INFORMATION") }));
    expect(invoice.lines?.map(({ line_status }) => line_status)).toEqual(["group", undefined, "information"]);
  });
});

it("an invoice in Peppol's envelope is read", async () => {
  const envelope = `<StandardBusinessDocument xmlns="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"><StandardBusinessDocumentHeader><HeaderVersion>1.0</HeaderVersion></StandardBusinessDocumentHeader>${toUbl({ ...SMALL, seller: { name: "A" } }).replace(/^<\?xml[^>]*\?>/, "")}</StandardBusinessDocument>`;
  expect(looksLikeInvoiceXml(bytes(envelope))).toBe(true);
  expect((await readInvoiceXml(bytes(envelope))).invoice.number).toBe(SMALL.number);
});

describe("XML that is refused", () => {
  const refusal = async (file: Uint8Array): Promise<string> => {
    const error: unknown = await readInvoiceXml(file, "mail.xml").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).hint).toBeTypeOf("string");
    return (error as InputError).message;
  };

  const bomb = `<!DOCTYPE a [<!ENTITY a0 "ha">${Array.from({ length: 30 }, (_, index) => `<!ENTITY a${index + 1} "&a${index};&a${index};">`).join("")}]>`;

  it.each([
    [
      "an entity bomb",
      `<?xml version="1.0"?><!-- c -->${bomb}<CrossIndustryInvoice><ExchangedDocument><ID>&a30;</ID></ExchangedDocument></CrossIndustryInvoice>`,
      "document type",
    ],
    ["an external entity", `<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>`, "document type"],
    ["nothing", "", "cannot be read"],
    ["prose", "Dear Sir, find the invoice", "cannot be read"],
    ["an unclosed element", `<CrossIndustryInvoice xmlns="${CII}"><ExchangedDocument>`, "cannot be read"],
    ["a thousand unclosed elements", "<a>".repeat(1000), "cannot be read"],
    ["two roots", "<a/><b/>", "one root"],
    ["elements without end", `<a>${"<b>".repeat(5000)}${"</b>".repeat(5000)}</a>`, "cannot be read"],
    ["a million elements", `<a>${"<b/>".repeat(1_000_001)}</a>`, "too large"],
    [
      "a foreign format",
      `<p:FatturaElettronica xmlns:p="http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2"/>`,
      "FatturaElettronica",
    ],
    [
      "an order",
      `<SCRDMCCBDACIOMessageStructure xmlns="urn:x"><ExchangedDocument/></SCRDMCCBDACIOMessageStructure>`,
      "SCRDMCCBDACIOMessageStructure",
    ],
    ["another Invoice", `<Invoice xmlns="urn:somebody"><Number>1</Number></Invoice>`, "Invoice of the namespace urn:somebody"],
    ["a reserved name", `<a><__proto__>1</__proto__></a>`, "cannot be read"],
  ])("%s", async (_name, text, words) => {
    const message = await refusal(bytes(text));
    expect(message).toContain("mail.xml: ");
    expect(message.length).toBeLessThan(400);
    expect(message).toContain(words);
  });

  it("a document type within the root gives no entity a meaning", async () => {
    const inside = toCii({ number: "R" }).replace("<x:ExchangedDocument>", `<!DOCTYPE x [<!ENTITY e "evil">]><x:ExchangedDocument>`);
    const outcome = await readInvoiceXml(bytes(inside.replace(">R<", ">&e;<"))).then(
      ({ invoice }) => invoice.number,
      (error: unknown) => error,
    );
    expect(outcome instanceof InputError || outcome === "&e;").toBe(true);
  });

  it("any other bytes, with an InputError and nothing else", async () => {
    const whole = toCii(SMALL);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.nat(whole.length - 1).map((end) => bytes(whole.slice(0, end))),
          fc.string({ unit: fc.constantFrom("<", ">", "a", "/", "?", "!", "-", "&", ";", '"', "=", " ", "[", "]") }).map(bytes),
        ),
        async (file) => {
          await expect(readInvoiceXml(file)).rejects.toBeInstanceOf(InputError);
        },
      ),
    );
  });
});

describe("which attachment is the invoice", () => {
  const invoice = bytes(toCii(SMALL));
  const other = bytes(toUbl(SMALL));
  const names = (...files: [string, Uint8Array][]): string[] =>
    invoiceAttachments(files.map(([name, content]) => ({ name, bytes: content }))).map(({ name }) => name);

  it("is the one that the standards name", () => {
    expect(names(["a.xml", other], ["ZUGFeRD-invoice.xml", invoice])).toEqual(["ZUGFeRD-invoice.xml"]);
    expect(names(["photo.png", latin1("\u0089PNG")], ["attached/factur-x.XML", invoice])).toEqual(["attached/factur-x.XML"]);
  });

  it("or else those that begin as an invoice does", () => {
    expect(names(["1.xml", invoice], ["2", other], ["3.xml", bytes("<html/>")], ["4.txt", bytes("text")])).toEqual(["1.xml", "2"]);
    expect(names(["factur-x.xml", bytes("%PDF-1.7")], ["x.xml", invoice])).toEqual(["x.xml"]);
    expect(names(["factur-x.xml", bytes("<!DOCTYPE a><Invoice/>")])).toEqual(["factur-x.xml"]);
    expect(names(["note.xml", bytes("<note/>")])).toEqual([]);
    expect(names()).toEqual([]);
  });

  it("also behind a long comment", () => {
    expect(looksLikeInvoiceXml(bytes(`<!--${"ö".repeat(20_000)}--><CreditNote xmlns="x">`))).toBe(true);
    expect(looksLikeInvoiceXml(bytes("<!DOCTYPE a><Invoice>"))).toBe(false);
  });
});
