import { InputError, isSightlineError } from "../errors.ts";
import { readCii } from "./cii.ts";
import type { EvidenceRecord, Invoice } from "./schema.ts";
import { partEvidence } from "./sourced.ts";
import { readUbl } from "./ubl.ts";
import { decodeXml } from "./xml-encoding.ts";
import { findElement, parseXml, rootName, type XmlElement } from "./xml-tree.ts";
import { xmlValues } from "./xml-values.ts";

/** Invoices as XML: embedded in a PDF, or a file of their own. */

export interface XmlInvoice {
  readonly invoice: Invoice;
  /** Every value of `invoice` by its path, with the XML's own characters as quote. No page and no box. */
  readonly evidence: EvidenceRecord;
  readonly syntax: XmlSyntax;
  /** What the XML says of itself (BT-24), in the standards' own name where it is one of theirs. */
  readonly profile?: string;
  /** False where the XML lists no lines, as in the profiles MINIMUM and BASIC WL: they stand on the page alone. */
  readonly hasLines: boolean;
  readonly warnings: readonly string[];
}

export type XmlSyntax = "cii" | "zugferd-1" | "ubl";

/** The names that Factur-X, ZUGFeRD 1 and 2 and XRechnung give the file in the PDF. Source: ZUGFeRD 2.3, chapter on embedding; ZUGFeRD 1.0. */
const STANDARD_NAMES: ReadonlySet<string> = new Set(["factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml"]);

/** By what its root element says of itself. ZUGFeRD's release candidate called its root Invoice, as UBL does. */
const SYNTAXES: readonly { readonly root: string; readonly holds: string; readonly syntax: XmlSyntax }[] = [
  { root: "CrossIndustryInvoice", holds: "ExchangedDocument", syntax: "cii" },
  { root: "CrossIndustryDocument", holds: "HeaderExchangedDocument", syntax: "zugferd-1" },
  { root: "Invoice", holds: "HeaderExchangedDocument", syntax: "zugferd-1" },
  { root: "Invoice", holds: "AccountingSupplierParty", syntax: "ubl" },
  { root: "CreditNote", holds: "AccountingSupplierParty", syntax: "ubl" },
];

/** What Peppol sends an invoice in (UN/CEFACT Standard Business Document Header). */
const ENVELOPE = "StandardBusinessDocument";

/** Longest part of a file that is decoded to find its root element, in bytes: license texts in comments come before it. */
const SNIFFED_BYTES = 64 * 1024;

/**
 * The attachments of a document that are its invoice: the one that has a name the standards give it, or else all whose root element is that of an invoice.
 * One that has the name alone comes last of all, so that `readInvoiceXml` can say what is wrong with it. Empty for none.
 */
export function invoiceAttachments<Attachment extends { readonly name: string; readonly bytes: Uint8Array }>(
  attachments: readonly Attachment[],
): readonly Attachment[] {
  const invoices = attachments.filter(({ bytes }) => looksLikeInvoiceXml(bytes));
  const isNamed = ({ name }: Attachment): boolean => STANDARD_NAMES.has(baseName(name));
  const named = invoices.filter(isNamed);
  if (named.length > 0) return named.slice(0, 1);
  return invoices.length > 0 ? invoices : attachments.filter(isNamed).slice(0, 1);
}

function baseName(name: string): string {
  return name
    .replace(/^.*[/\\]/, "")
    .trim()
    .toLowerCase();
}

/** Whether the first element of these bytes is one that an invoice begins with. Cheap: nothing is parsed. */
export function looksLikeInvoiceXml(bytes: Uint8Array): boolean {
  try {
    const root = rootName(decodeXml(bytes.subarray(0, SNIFFED_BYTES)).text, "");
    const local = root?.slice(root.indexOf(":") + 1);
    return local === ENVELOPE || SYNTAXES.some((syntax) => syntax.root === local);
  } catch (error) {
    // A document type declaration: an invoice that `readInvoiceXml` refuses in words, or none.
    if (isSightlineError(error)) return false;
    throw error;
  }
}

/**
 * Reads an invoice from XML. InputError, with `name` in its message, when the XML is damaged, has a document type declaration, is too large, or is no
 * invoice of a syntax that is known here.
 */
export async function readInvoiceXml(bytes: Uint8Array, name = "XML"): Promise<XmlInvoice> {
  const { text, warnings: encodingWarnings } = decodeXml(bytes);
  const file = await parseXml(text, name);
  const root = (file.name === ENVELOPE ? file.children.find((child) => syntaxOf(child) !== undefined) : undefined) ?? file;
  const syntax = syntaxOf(root);
  if (syntax === undefined) throw unknownXml(file, name);
  const warnings = [...encodingWarnings];
  const values = xmlValues((message) => warnings.push(message));
  const { value, evidence } = partEvidence<Invoice>(syntax === "ubl" ? readUbl(root, values) : readCii(root, values));
  const profile = profileOf(root);
  return {
    invoice: value,
    evidence,
    syntax,
    ...(profile === undefined ? {} : { profile }),
    hasLines: (value.lines ?? []).length > 0,
    warnings: [...new Set(warnings)],
  };
}

function syntaxOf(root: XmlElement): XmlSyntax | undefined {
  return SYNTAXES.find((each) => each.root === root.name && findElement(root, each.holds) !== undefined)?.syntax;
}

function unknownXml({ name: root, namespace }: XmlElement, name: string): InputError {
  const where = namespace === "" ? "" : ` of the namespace ${namespace.slice(0, 100)}`;
  return new InputError(`${name}: this XML is no invoice that can be read (its root element is ${root.slice(0, 60)}${where}).`, {
    hint: "Invoices are read as UN/CEFACT Cross Industry Invoice (Factur-X, ZUGFeRD, XRechnung) and as UBL Invoice or CreditNote (Peppol, XRechnung).",
  });
}

/** BT-24, longest ids first: every Factur-X profile but the smallest names EN 16931 in its id. */
const PROFILES: readonly (readonly [inId: RegExp, profile: string])[] = [
  [/xrechnung/i, "XRECHNUNG"],
  [/peppol/i, "PEPPOL"],
  [/basicwl/i, "BASIC WL"],
  [/minimum/i, "MINIMUM"],
  [/extended/i, "EXTENDED"],
  [/basic/i, "BASIC"],
  [/comfort/i, "COMFORT"],
  [/en16931/i, "EN16931"],
];

function profileOf(root: XmlElement): string | undefined {
  const id =
    findElement(root, "ExchangedDocumentContext|SpecifiedExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID")?.text ??
    findElement(root, "CustomizationID")?.text;
  if (id === undefined || id === "") return undefined;
  return PROFILES.find(([inId]) => inId.test(id))?.[1] ?? id;
}
