import { isSightlineError } from "../errors.ts";
import { invoiceAttachments, readInvoiceXml } from "../invoice/embedded-xml.ts";
import type { XmlInvoice } from "../invoice/embedded-xml.ts";
import type { InputFile, OpenDocument } from "../ports.ts";

export interface EmbeddedInvoices {
  readonly invoices: readonly XmlInvoice[];
  /** What is wrong with XML that could or could not be read. */
  readonly warnings: readonly string[];
  /** The first that could not be read. */
  readonly problem: Error | undefined;
}

/** The invoice that an XML file is. InputError when it is none, or damaged. */
export async function readXmlFile({ bytes, name }: InputFile): Promise<EmbeddedInvoices> {
  const invoice = await readInvoiceXml(bytes, name);
  return { invoices: [invoice], warnings: invoice.warnings, problem: undefined };
}

/** The invoices embedded in a document as XML. One that is broken loses no other: a warning says what is wrong with it. */
export async function readEmbedded(document: OpenDocument): Promise<EmbeddedInvoices> {
  const invoices: XmlInvoice[] = [];
  const warnings: string[] = [];
  let problem: Error | undefined;
  for (const { name, bytes } of invoiceAttachments(document.attachments)) {
    try {
      const invoice = await readInvoiceXml(bytes, `attachment ${JSON.stringify(name.slice(0, 100))}`);
      invoices.push(invoice);
      warnings.push(...invoice.warnings);
    } catch (error) {
      if (!isSightlineError(error) || error.kind !== "InputError") throw error;
      problem ??= error;
      warnings.push(`The embedded invoice was left out: ${error.message}`);
    }
  }
  return { invoices, warnings, problem };
}
