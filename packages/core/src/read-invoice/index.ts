import { InputError, isCancellation, isSightlineError, SetupError } from "../errors.ts";
import { groundsOf } from "../grounding.ts";
import { checkInvoice } from "../invoice/checks.ts";
import { duplicateKey } from "../invoice/duplicate-key.ts";
import type { XmlInvoice } from "../invoice/embedded-xml.ts";
import { readInvoices } from "../invoice/lines/index.ts";
import { compareInvoices, reviewReasons } from "../invoice/review.ts";
import type { Difference } from "../invoice/review.ts";
import type { EvidenceSource, Invoice, InvoiceResult } from "../invoice/schema.ts";
import { evidenceAsGiven, partEvidence } from "../invoice/sourced.ts";
import type { Sourced } from "../invoice/sourced.ts";
import { toMarkdownTable } from "../invoice/table.ts";
import type { PagesContext, ShownPage } from "../model-pages.ts";
import type { VisionModel } from "../model.ts";
import { foldText } from "../page.ts";
import type { InputFile, OpenDocument, Store } from "../ports.ts";
import { readOpenPages } from "../read-document.ts";
import type { ReadingContext } from "../read-document.ts";
import { drawEvidence } from "./annotate.ts";
import { improved } from "./ask-model.ts";
import { readEmbedded, readXmlFile } from "./embedded.ts";
import type { EmbeddedInvoices } from "./embedded.ts";
import { placed } from "./place.ts";
import { completed, mainSource } from "./reading.ts";
import type { Reading } from "./reading.ts";

/** Reads the invoices of a file: from embedded XML, from its pages by rules, and with a model where one is set up. */

export interface InvoiceWish {
  /** What may be read from; their order is always that of `EVIDENCE_SOURCES`. */
  readonly sources: readonly EvidenceSource[];
  /** "1-3,7"; all where undefined. */
  readonly pages?: string | undefined;
  readonly password?: string | undefined;
  /** True: the pages are read too where XML says it all, and what the two tell differently is reported. */
  readonly compare: boolean;
  /** True: the evidence is drawn on the pages. */
  readonly annotate: boolean;
}

export interface InvoiceContext extends ReadingContext, PagesContext {
  readonly store: Store;
  readonly model: VisionModel | undefined;
  readonly textModel: VisionModel | undefined;
  readonly fallback: "none" | "embedded";
  /** "none" where the pages cannot be read: XML alone is then what there is. */
  readonly eyes?: "none";
}

export interface InvoicesRead {
  readonly invoices: readonly InvoiceResult[];
  /** The model that answered, where one was asked. */
  readonly model: string | undefined;
  /** Paths of the pages with the evidence drawn on them. */
  readonly annotated: readonly string[];
  readonly warnings: readonly string[];
}

/** InputError when the file cannot be opened, holds no XML though nothing else may be read, or when none of its pages can be read. */
export async function readInvoiceFile(file: InputFile, wish: InvoiceWish, context: InvoiceContext): Promise<InvoicesRead> {
  const mayRead = (source: EvidenceSource): boolean => wish.sources.includes(source);
  if (mayRead("model") && wish.sources.length === 1 && modelOf(context) === undefined) throw noModel();
  if (wish.compare && !mayRead("text") && !mayRead("ocr"))
    throw new InputError("compare needs pages to compare with, and neither text nor ocr is among the sources.", {
      hint: "Add them to the sources.",
    });
  if (file.kind === "xml") {
    if (!mayRead("xml"))
      throw new InputError(`${file.name} is XML, and xml is not among the sources.`, { hint: "Add xml to the sources." });
    const { invoices, warnings } = await readXmlFile(file);
    const results = await Promise.all(invoices.map((xml) => resultOf({ reading: readingOf(xml, []), profile: xml.profile })));
    return { invoices: results, model: undefined, annotated: [], warnings: wish.annotate ? [...warnings, NO_PAGE] : warnings };
  }
  const document = await context.documents.open(file, { signal: context.signal, name: file.name, password: wish.password });
  try {
    return await readDocument(document, file, wish, context);
  } finally {
    await document.close();
  }
}

async function readDocument(document: OpenDocument, file: InputFile, wish: InvoiceWish, context: InvoiceContext): Promise<InvoicesRead> {
  const mayRead = (source: EvidenceSource): boolean => wish.sources.includes(source);
  const embedded: EmbeddedInvoices = mayRead("xml") ? await readEmbedded(document) : { invoices: [], warnings: [], problem: undefined };
  const fromPages = mayRead("text") || mayRead("ocr") || mayRead("model");
  if (embedded.invoices.length === 0 && !fromPages) {
    throw (
      embedded.problem ??
      new InputError(`${file.name} holds no invoice as XML.`, { hint: "Add text and ocr to the sources to read its pages." })
    );
  }
  const lacksLines = embedded.invoices.some(({ hasLines }) => !hasLines);
  const wantsPages = wish.compare || wish.annotate || lacksLines;
  const needsPages = embedded.invoices.length === 0 || (wantsPages && context.eyes !== "none");
  const read = fromPages && needsPages ? await readPages(document, file, wish, context, embedded) : { pages: [], warnings: [] };
  const warnings = [...document.warnings, ...embedded.warnings, ...read.warnings];
  if (!fromPages && lacksLines) warnings.push("The XML lists no lines, and the pages, where they stand, are not among the sources.");
  if (fromPages && wantsPages && !needsPages) {
    warnings.push(`The XML was read alone: this host has no eyes for the pages${lacksLines ? ", where the lines stand" : ""}.`);
  }

  const grounds = groundsOf(read.pages.map(({ page }) => page));
  const byRules =
    mayRead("text") || mayRead("ocr") ? readInvoices(grounds.pages).map(({ invoice, pages }) => ({ ...parted(invoice), pages })) : [];
  const all = Array.from({ length: document.pageCount }, (_, index) => index + 1);
  const entries = (await merge(embedded.invoices, byRules, all)).map((entry) => ({ ...entry, reading: placed(entry.reading, grounds) }));
  // Where rules see no invoice a model may.
  if (entries.length === 0 && read.pages.length > 0)
    entries.push(entryOf({ invoice: {}, evidence: {}, pages: grounds.pages.map(({ number }) => number) }));

  const results: InvoiceResult[] = [];
  const keys = entries.length > 1 ? new Set<string>() : undefined;
  let answeredBy: string | undefined;
  for (const entry of entries) {
    const pages = read.pages.filter(({ page }) => entry.reading.pages.includes(page.number));
    const better = mayRead("model") && pages.length > 0 ? await askModel(entry, pages, context) : undefined;
    answeredBy = better?.model ?? answeredBy;
    warnings.push(...(better?.warnings ?? []));
    const reading = better?.reading ?? entry.reading;
    if (Object.keys(reading.invoice).length === 0) continue;
    const result = await resultOf({ ...entry, reading, reasons: better?.reasons ?? [], keys });
    if (result.duplicate_key !== undefined) keys?.add(result.duplicate_key);
    results.push(result);
  }
  if (results.length === 0) warnings.push(`No invoice was found in ${file.name}.`);
  if (wish.annotate && read.pages.length === 0) warnings.push(NO_PAGE);
  const drawn = wish.annotate ? await drawEvidence(results, read.pages, { name: file.name, store: context.store, context }) : undefined;
  return {
    invoices: results.map((result) => ({ ...result, evidence: evidenceAsGiven(result.evidence, grounds.pages) })),
    model: answeredBy,
    annotated: drawn?.paths ?? [],
    warnings: [...new Set([...warnings, ...(drawn?.warnings ?? [])])],
  };
}

const NO_PAGE = "Nothing was drawn: there is no page that was read.";

/** The wanted pages with their text. What could not be read is a warning where XML says what is on them. */
async function readPages(
  document: OpenDocument,
  file: InputFile,
  { sources, pages: range }: InvoiceWish,
  context: InvoiceContext,
  { invoices }: EmbeddedInvoices,
): Promise<{ pages: ShownPage[]; warnings: string[] }> {
  const pages: ShownPage[] = [];
  const warnings: string[] = [];
  // A model alone reads the pages as pictures; what it quotes is looked up in their text all the same.
  const allowed = (["text", "ocr"] as const).filter((source) => sources.includes(source));
  try {
    for await (const { page, image, warnings: news } of readOpenPages(
      document,
      file,
      { pages: range, sources: allowed.length > 0 ? allowed : ["text", "ocr"] },
      context,
    )) {
      warnings.push(...news);
      if (page === undefined) continue;
      pages.push({ page, image });
    }
  } catch (error) {
    const isTheirs = isSightlineError(error) && error.kind === "InputError" && !isCancellation(error, context.signal);
    if (invoices.length === 0 || !isTheirs) throw error;
    warnings.push(`The pages could not be read: ${error.message}`);
  }
  return { pages, warnings };
}

interface Entry {
  readonly reading: Reading;
  readonly profile?: string | undefined;
  readonly differences?: readonly Difference[];
}

function entryOf(reading: Reading): Entry {
  return { reading };
}

function readingOf({ invoice, evidence }: XmlInvoice, pages: readonly number[]): Reading {
  return { invoice, evidence, pages };
}

function parted(invoice: Sourced<Invoice>): Pick<Reading, "invoice" | "evidence"> {
  const { value, evidence } = partEvidence<Invoice>(invoice);
  return { invoice: value, evidence };
}

/** XML completed from the page it belongs to: the one with its number, or the only one. What else the pages hold stands by itself. In the pages' order. */
async function merge(xml: readonly XmlInvoice[], byRules: readonly Reading[], all: readonly number[]): Promise<Entry[]> {
  const left = [...byRules];
  const entries: Entry[] = [];
  for (const each of xml) {
    const at = left.findIndex(({ invoice }) => isSameNumber(invoice.number, each.invoice.number));
    const [page] = at !== -1 ? left.splice(at, 1) : xml.length === 1 && byRules.length === 1 ? left.splice(0, 1) : [];
    if (page === undefined) {
      entries.push({ reading: readingOf(each, xml.length === 1 ? all : []), profile: each.profile });
      continue;
    }
    const own = readingOf(each, page.pages);
    entries.push({
      reading: each.hasLines ? own : await completedFrom(page, own),
      profile: each.profile,
      differences: compareInvoices(each.invoice, page.invoice),
    });
  }
  const firstPage = ({ reading }: Entry): number => reading.pages[0] ?? 0;
  return [...entries, ...left.map(entryOf)].toSorted((a, b) => firstPage(a) - firstPage(b));
}

/** What the page adds to the XML; of its totals and taxes only what lets no more sums fail than without it, for those of the XML are no one's reading. */
async function completedFrom(page: Reading, xml: Reading): Promise<Reading> {
  const { totals: _, taxes: __, ...others } = page.invoice;
  const [whole, careful] = [completed(xml, page), completed(xml, { ...page, invoice: others })];
  const failing = async ({ invoice }: Reading): Promise<number> => (await checkInvoice(invoice)).filter(({ ok }) => !ok).length;
  return (await failing(whole)) > (await failing(careful)) ? careful : whole;
}

function isSameNumber(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && foldText(a) === foldText(b);
}

interface Asked {
  readonly reading: Reading;
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
  readonly model: string | undefined;
}

/**
 * What the model adds, where one is set up. An answer that cannot be used leaves what was read as it is and is a reason to look at it; a server that fails is an error,
 * unless this machine's own eyes were asked for in that case.
 */
async function askModel({ reading }: Entry, pages: readonly ShownPage[], context: InvoiceContext): Promise<Asked | undefined> {
  const model = modelOf(context);
  if (model === undefined) return undefined;
  try {
    return await improved(reading, pages, model, context);
  } catch (error) {
    if (!isSightlineError(error) || isCancellation(error, context.signal)) throw error;
    const isEmpty = Object.keys(reading.invoice).length === 0;
    const isLost = error.kind === "AnswerError" ? isEmpty && context.fallback === "none" : context.fallback === "none";
    if (isLost || error.kind === "InputError") throw error;
    return {
      reading,
      reasons: [`The model could not be asked for what is missing or does not add up: ${error.message}`],
      warnings: [],
      model: undefined,
    };
  }
}

function modelOf({ model, textModel }: InvoiceContext): VisionModel | undefined {
  return model ?? textModel;
}

function noModel(): SetupError {
  return new SetupError(
    "extract_invoice was asked to read with a model alone and none is set up: install Ollama and run `ollama pull qwen3-vl:8b` (it is found by itself), " +
      "or name a server with SIGHTLINE_BASE_URL and its model with SIGHTLINE_MODEL.",
    { hint: "The sources xml, text and ocr need no model." },
  );
}

async function resultOf({
  reading,
  profile,
  differences = [],
  reasons = [],
  keys,
}: Entry & { readonly reasons?: readonly string[]; readonly keys?: ReadonlySet<string> | undefined }): Promise<InvoiceResult> {
  const { invoice, evidence, pages } = reading;
  const source = mainSource(reading);
  const checks = await checkInvoice(invoice, { ...(keys === undefined ? {} : { seenKeys: new Set(keys) }), profile });
  const key = duplicateKey(invoice);
  return {
    invoice,
    table: toMarkdownTable(invoice),
    evidence,
    checks,
    needs_review: [...reviewReasons({ invoice, evidence, checks, differences }), ...reasons],
    ...(key === undefined ? {} : { duplicate_key: key }),
    source,
    pages: [...pages],
  };
}
