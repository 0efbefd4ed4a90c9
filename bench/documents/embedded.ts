import { invoiceAttachments, readInvoiceXml } from "../../packages/core/src/invoice/embedded-xml.ts";
import type { Invoice } from "../../packages/core/src/invoice/schema.ts";
import { invoiceSamples } from "./corpus.ts";
import type { Section } from "./section.ts";

/** A field and the elements of CII (or ZUGFeRD 1) that hold it, as a search in the XML's text finds them: nothing of our reader is used. */
const FIELDS: readonly { readonly name: string; readonly in: RegExp; of(invoice: Invoice): string | undefined; readonly amount?: true }[] =
  [
    { name: "number", in: /<(?:\w+:)?(?:Header)?ExchangedDocument>.*?<(?:\w+:)?ID\b[^>]*>([^<]*)</s, of: ({ number }) => number },
    {
      name: "issue date",
      in: /<(?:\w+:)?IssueDateTime\b[^>]*>\s*(?:<(?:\w+:)?DateTimeString\b[^>]*>)?([^<]*)</s,
      of: ({ issue_date: date }) => date?.replaceAll("-", ""),
    },
    { name: "currency", in: /<(?:\w+:)?InvoiceCurrencyCode\b[^>]*>([^<]*)</s, of: ({ currency }) => currency },
    { name: "seller name", in: /<(?:\w+:)?SellerTradeParty>.*?<(?:\w+:)?Name>([^<]*)</s, of: ({ seller }) => seller?.name },
    {
      name: "seller VAT id",
      in: /<(?:\w+:)?SellerTradeParty>(?:(?!<\/(?:\w+:)?SellerTradeParty>).)*?<(?:\w+:)?ID schemeID="VA">([^<]*)</s,
      of: ({ seller }) => seller?.vat_id,
    },
    { name: "net", in: /<(?:\w+:)?TaxBasisTotalAmount\b[^>]*>([^<]*)</s, of: ({ totals }) => totals?.net, amount: true },
    { name: "tax", in: /<(?:\w+:)?TaxTotalAmount\b[^>]*>([^<]*)</s, of: ({ totals }) => totals?.tax, amount: true },
    { name: "gross", in: /<(?:\w+:)?GrandTotalAmount\b[^>]*>([^<]*)</s, of: ({ totals }) => totals?.gross, amount: true },
    {
      name: "lines",
      in: /<(?:\w+:)?SpecifiedTradeProduct>/,
      of: ({ lines }) => String(lines?.length ?? 0),
    },
  ];

/** The source "xml": every field equals what a plain search in the embedded XML's text finds. */
export const embedded: Section = {
  name: "embedded",
  async run(bench) {
    const samples = await invoiceSamples(bench.readings);
    if (samples.length === 0) return;
    let compared = 0;
    const wrong: string[] = [];
    for (const { name, file } of samples) {
      const [xml] = invoiceAttachments(await bench.readings.attachments(file));
      if (xml === undefined) continue;
      const text = new TextDecoder().decode(xml.bytes);
      const { invoice } = await readInvoiceXml(xml.bytes, name);
      for (const field of FIELDS) {
        const isCount = field.name === "lines";
        const wanted = isCount ? String(text.match(new RegExp(field.in, "g"))?.length ?? 0) : unescape(field.in.exec(text)?.[1] ?? "");
        const value = field.of(invoice) ?? "";
        compared += 1;
        const isSame = field.amount === true && wanted !== "" ? Number(value) === Number(wanted) && value !== "" : value === wanted;
        if (!isSame) wrong.push(`${name}: ${field.name} ${JSON.stringify(value)}, the XML has ${JSON.stringify(wanted)}`);
      }
    }
    console.log(`\nEmbedded XML: ${compared - wrong.length} of ${compared} values of ${samples.length} documents are the XML's`);
    for (const line of wrong) console.log(`  ${line}`);
    bench.check("xml: every field equals the embedded XML", wrong.length === 0);
  },
};

/** White space collapsed and the five entities of XML written out. */
function unescape(text: string): string {
  const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text
    .replace(/&(amp|lt|gt|quot|apos);/g, (whole, name: string) => entities[name] ?? whole)
    .replace(/\s+/g, " ")
    .trim();
}
