import { DOMParser } from "@xmldom/xmldom";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { getDocumentProxy } from "unpdf";
import { describe, expect, it } from "vitest";
import xpath from "xpath";
import { checkInvoice } from "../packages/core/src/invoice/checks.ts";
import { invoiceAttachments, readInvoiceXml } from "../packages/core/src/invoice/embedded-xml.ts";
import { sum } from "../packages/core/src/invoice/amount.ts";
import { invoiceShape, type Invoice } from "../packages/core/src/invoice/schema.ts";

/**
 * Real invoices: what our reader makes of their XML against what XPath finds in it. The paths are the standards' own (EN 16931-3-3 and -3-2, ZUGFeRD 1.0),
 * asked of a DOM of another library, so that nothing of the code under test has a say in its truth.
 */
const CORPORA = path.resolve(process.env["SIGHTLINE_CORPORA"] ?? fileURLToPath(new URL("../../shared/corpora", import.meta.url)));
const FOLDER = path.join(CORPORA, "zugferd");
const names = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith(".pdf")) : [];
if (names.length === 0) console.warn(`invoice-xml: no invoices in ${FOLDER}; set SIGHTLINE_CORPORA to the folder that holds zugferd/`);

interface Paths {
  readonly number: string;
  readonly date: string;
  readonly currency: string;
  readonly seller: string;
  readonly vatId: string;
  readonly buyer: string;
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
  readonly due: string;
  readonly line: string;
  readonly lineNet: string;
  readonly lineName: string;
}

const CII: Paths = {
  number: "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:ID",
  date: "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString",
  currency: "//ram:ApplicableHeaderTradeSettlement/ram:InvoiceCurrencyCode",
  seller: "//ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty/ram:Name",
  vatId: "//ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']",
  buyer: "//ram:ApplicableHeaderTradeAgreement/ram:BuyerTradeParty/ram:Name",
  net: "//ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:TaxBasisTotalAmount",
  tax: "//ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:TaxTotalAmount[not(@currencyID) or @currencyID=//ram:InvoiceCurrencyCode]",
  gross: "//ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:GrandTotalAmount",
  due: "//ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:DuePayableAmount",
  line: "//ram:IncludedSupplyChainTradeLineItem[ram:SpecifiedTradeProduct]",
  lineNet: "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount",
  lineName: "ram:SpecifiedTradeProduct/ram:Name",
};

/** The same business terms under the names of ZUGFeRD 1. Its release candidate put most elements into no namespace: local names then. */
const ZUGFERD_1: Paths = {
  number: "/*/*[local-name()='HeaderExchangedDocument']/*[local-name()='ID']",
  date: "/*/*[local-name()='HeaderExchangedDocument']/*[local-name()='IssueDateTime']",
  currency: "//*[local-name()='ApplicableSupplyChainTradeSettlement']/*[local-name()='InvoiceCurrencyCode']",
  seller: "//*[local-name()='SellerTradeParty']/*[local-name()='Name']",
  vatId: "//*[local-name()='SellerTradeParty']/*[local-name()='SpecifiedTaxRegistration']/*[local-name()='ID'][@schemeID='VA']",
  buyer: "//*[local-name()='BuyerTradeParty']/*[local-name()='Name']",
  net: "//*[local-name()='ApplicableSupplyChainTradeSettlement']/*/*[local-name()='TaxBasisTotalAmount']",
  tax: "//*[local-name()='ApplicableSupplyChainTradeSettlement']/*/*[local-name()='TaxTotalAmount']",
  gross: "//*[local-name()='ApplicableSupplyChainTradeSettlement']/*/*[local-name()='GrandTotalAmount']",
  due: "//*[local-name()='ApplicableSupplyChainTradeSettlement']/*/*[local-name()='DuePayableAmount']",
  line: "//*[local-name()='IncludedSupplyChainTradeLineItem'][*[local-name()='SpecifiedTradeProduct']]",
  lineNet: "*[local-name()='SpecifiedSupplyChainTradeSettlement']/*/*[local-name()='LineTotalAmount']",
  lineName: "*[local-name()='SpecifiedTradeProduct']/*[local-name()='Name']",
};

const UBL: Paths = {
  number: "/*/cbc:ID",
  date: "/*/cbc:IssueDate",
  currency: "/*/cbc:DocumentCurrencyCode",
  seller: "/*/cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName",
  vatId: "/*/cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme[cac:TaxScheme/cbc:ID='VAT']/cbc:CompanyID",
  buyer: "/*/cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName",
  net: "/*/cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount",
  tax: "/*/cac:TaxTotal/cbc:TaxAmount[@currencyID=/*/cbc:DocumentCurrencyCode]",
  gross: "/*/cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount",
  due: "/*/cac:LegalMonetaryTotal/cbc:PayableAmount",
  line: "/*/cac:InvoiceLine | /*/cac:CreditNoteLine",
  lineNet: "cbc:LineExtensionAmount",
  lineName: "cac:Item/cbc:Name",
};

const select = xpath.useNamespaces({
  rsm: "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
  ram: "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
  udt: "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
  cac: "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
  cbc: "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
});

interface Fields {
  readonly [field: string]: string | undefined | readonly LineFields[];
  readonly lines: readonly LineFields[];
}

interface LineFields {
  readonly net: string | undefined;
  readonly name: string | undefined;
}

/** What XPath finds: texts with white space collapsed, undefined for none. */
function truthOf(xml: string): Fields {
  const document = new DOMParser().parseFromString(xml.replace(/encoding=(["']).*?\1/, ""), "text/xml") as unknown as Node;
  const textAt = (at: string, node: Node): string | undefined => {
    const text = select(`normalize-space(string(${at}))`, node);
    return typeof text !== "string" || text === "" ? undefined : text;
  };
  const paths =
    textAt("namespace-uri(/*)", document)?.includes("oasis") === true
      ? UBL
      : textAt("local-name(/*)", document) === "CrossIndustryInvoice"
        ? CII
        : ZUGFERD_1;
  const date = textAt(paths.date, document);
  const lines = select(paths.line, document) as Node[];
  return {
    number: textAt(paths.number, document),
    issue_date: date?.replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3"),
    currency: textAt(paths.currency, document),
    seller: textAt(paths.seller, document),
    vat_id: textAt(paths.vatId, document),
    buyer: textAt(paths.buyer, document),
    net: textAt(paths.net, document),
    tax: textAt(paths.tax, document),
    gross: textAt(paths.gross, document),
    due: textAt(paths.due, document),
    lines: lines.map((line) => ({ net: textAt(paths.lineNet, line), name: textAt(paths.lineName, line) })),
  };
}

/** The same fields as we read them. */
function fieldsOf({ number, issue_date, currency, seller, buyer, totals, lines = [] }: Invoice): Fields {
  return {
    number,
    issue_date,
    currency,
    seller: seller?.name,
    vat_id: seller?.vat_id,
    buyer: buyer?.name,
    net: totals?.net,
    tax: totals?.tax,
    gross: totals?.gross,
    due: totals?.due,
    lines: lines.map(({ net_amount, description }) => ({ net: net_amount, name: description })),
  };
}

async function attachmentsOf(name: string): Promise<{ name: string; bytes: Uint8Array }[]> {
  const pdf = await getDocumentProxy(new Uint8Array(readFileSync(path.join(FOLDER, name))));
  const attachments = (await pdf.getAttachments()) as Map<string, { filename: string }> | null;
  const files = [];
  for (const [key, { filename }] of attachments ?? []) {
    const bytes = await pdf.getAttachmentContent(key);
    if (bytes !== null) files.push({ name: filename, bytes });
  }
  return files;
}

describe.skipIf(names.length === 0)("real invoices' XML", () => {
  it.each(names)("%s", async (name) => {
    const attachments = await attachmentsOf(name);
    const invoices = invoiceAttachments(attachments);
    // One invoice of the corpus is a page alone.
    expect(invoices).toHaveLength(attachments.some((each) => each.name.endsWith(".xml")) ? 1 : 0);
    const [file] = invoices;
    if (file === undefined) return;
    const { invoice, evidence, hasLines, warnings, profile } = await readInvoiceXml(file.bytes, name);
    const truth = truthOf(new TextDecoder().decode(file.bytes));
    expect(fieldsOf(invoice)).toEqual(truth);
    expect(invoiceShape.strict().parse(invoice)).toEqual(invoice);
    expect(hasLines).toBe(truth.lines.length > 0);
    expect(hasLines).toBe(profile !== "MINIMUM" && profile !== "BASIC WL");
    expect(sum((invoice.lines ?? []).flatMap(({ net_amount }) => net_amount ?? []))).toBe(sum(truth.lines.flatMap(({ net }) => net ?? [])));
    expect(warnings.length).toBe(name.includes("invalid-xml-encoding") ? 1 : 0);
    for (const each of Object.values(evidence)) expect(each).toMatchObject({ grounded: true, source: "xml" });
  });

  it("adds up, but for what is wrong in the files", async () => {
    const outcomes: Record<string, boolean[]> = {};
    for (const name of names) {
      const [file] = invoiceAttachments(await attachmentsOf(name));
      if (file === undefined) continue;
      const { invoice, profile } = await readInvoiceXml(file.bytes, name);
      for (const { rule, ok } of await checkInvoice(invoice, { profile })) (outcomes[rule] ??= []).push(ok);
    }
    for (const rule of ["BR-CO-10", "BR-CO-13", "BR-CO-14", "BR-CO-15", "BR-CO-16", "BR-CO-17"]) {
      const ran = outcomes[rule] ?? [];
      expect(ran.length, rule).toBeGreaterThan(30);
      // Made by real software: a cent too many, or lines with tax in a sum without. A rule that fails more often is wrong itself.
      expect(ran.filter((ok) => !ok).length / ran.length, rule).toBeLessThan(0.1);
    }
  });
});
