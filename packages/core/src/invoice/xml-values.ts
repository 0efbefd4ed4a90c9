import { canonicalAmount } from "./amount.ts";
import { parseEdifactDate, parseIsoDate } from "./date.ts";
import type { Found } from "./sourced.ts";
import { findElement, type XmlElement } from "./xml-tree.ts";

/** Reads values out of elements, with the XML's own characters as evidence. A value that is not what it should be is left out, and `warn` is told. */
export interface XmlValues {
  /** White space collapsed: XML is indented and wrapped as its author pleases. */
  text(element: XmlElement | undefined): Found | undefined;
  amount(element: XmlElement | undefined): Found | undefined;
  /** The first amount in `currency` or without any; those in another currency are another field (BT-111). */
  amountIn(currency: string | undefined, elements: readonly XmlElement[]): Found | undefined;
  date(element: XmlElement | undefined): Found | undefined;
  currency(element: XmlElement | undefined): Found | undefined;
  /** Without spaces: "DE 123456789" and "DE123456789" are one number. */
  identifier(element: XmlElement | undefined): Found | undefined;
  iban(element: XmlElement | undefined): Found | undefined;
  attribute(element: XmlElement | undefined, name: string): Found | undefined;
  /** A sum over elements, e.g. of a line's allowances: the quote names each of its terms. */
  sumOf(elements: readonly XmlElement[], add: (amounts: readonly string[]) => string): Found | undefined;
  warn(message: string): void;
}

/** IBAN: country, two check digits, up to 30 letters and digits (ISO 13616). */
const IBAN_FORM = /^[A-Z]{2}\d{2}[A-Z\d]{11,30}$/;

export function xmlValues(warn: (message: string) => void): XmlValues {
  const read = (element: XmlElement | undefined, parse: (text: string) => string | undefined, what: string): Found | undefined => {
    const text = ownText(element);
    if (element === undefined || text === undefined) return undefined;
    const value = parse(text);
    if (value === undefined) warn(`The XML's ${element.name} is no ${what} and was left out: ${JSON.stringify(text.slice(0, 60))}.`);
    return value === undefined ? undefined : found(value, text);
  };
  const values: XmlValues = {
    warn,
    text: (element) => read(element, collapse, "text"),
    amount: (element) => read(element, canonicalAmount, "decimal number"),
    amountIn(currency, elements) {
      const given = elements.filter((element) => element.text !== "");
      const own = given.find((element) => element.attributes.get("currencyID") === currency) ?? given.find(hasNoCurrency);
      const [other] = given;
      if (own === undefined && currency === undefined) return values.amount(other);
      if (own === undefined && other !== undefined) {
        warn(
          `The XML gives ${other.name} in ${other.attributes.get("currencyID") ?? ""} alone, not in the invoice's ${currency ?? ""}: left out.`,
        );
      }
      return values.amount(own);
    },
    date(element) {
      const dated = findElement(element, "DateTimeString|DateString|DateTime|Date") ?? element;
      const format = dated?.attributes.get("format");
      return read(dated, (text) => parseEdifactDate(text, format) ?? parseIsoDate(text), "date");
    },
    currency: (element) => read(element, (text) => (/^[A-Z]{3}$/i.test(text) ? text.toUpperCase() : undefined), "currency code"),
    identifier: (element) => read(element, (text) => text.replaceAll(/\s+/g, ""), "identifier"),
    iban: (element) => read(element, ibanIn, "IBAN"),
    attribute(element, name) {
      const value = element?.attributes.get(name)?.trim();
      return value === undefined || value === "" ? undefined : found(value, value);
    },
    sumOf(elements, add) {
      const amounts = elements.flatMap((element) => values.amount(element) ?? []);
      if (amounts.length === 0) return undefined;
      return found(add(amounts.map(({ value }) => value)), amounts.map(({ evidence }) => evidence.quote).join(" + "));
    },
  };
  return values;
}

/** A value that stands in XML: read, not guessed. */
export function found(value: string, quote: string): Found {
  return { value, evidence: { quote, grounded: true, source: "xml" } };
}

function ownText(element: XmlElement | undefined): string | undefined {
  return element === undefined || element.text === "" ? undefined : element.text;
}

function hasNoCurrency(element: XmlElement): boolean {
  return !element.attributes.has("currencyID");
}

function collapse(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

function ibanIn(text: string): string | undefined {
  const compact = text.replaceAll(/\s+/g, "").toUpperCase();
  return IBAN_FORM.test(compact) ? compact : undefined;
}

/** One string out of the parts of an address; undefined for none. */
export function joinAddress(parts: readonly (Found | undefined)[]): Found | undefined {
  const given = parts.filter((part) => part !== undefined);
  if (given.length === 0) return undefined;
  return found(given.map(({ value }) => value).join(", "), given.map(({ evidence }) => evidence.quote).join(", "));
}

/** "80333 München": two elements that people write on one line. */
export function joinWords(...parts: readonly (Found | undefined)[]): Found | undefined {
  const given = parts.filter((part) => part !== undefined);
  if (given.length === 0) return undefined;
  return found(given.map(({ value }) => value).join(" "), given.map(({ evidence }) => evidence.quote).join(" "));
}

/** Undefined where the price is for one: that goes without saying. */
export function unlessOne(quantity: Found | undefined): Found | undefined {
  return quantity !== undefined && /^1(?:\.0+)?$/.test(quantity.value) ? undefined : quantity;
}
