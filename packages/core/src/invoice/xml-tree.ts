import { InputError } from "../errors.ts";

/** XML as a tree of elements with their namespaces, for reading by path. Prefixes are gone: they are whatever a file's author chose. */
export interface XmlElement {
  readonly name: string;
  /** Namespace URI; "" for none. */
  readonly namespace: string;
  /** By local name. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The element's own character data, white space around it cut off. */
  readonly text: string;
}

/** Characters. An invoice with scans in it has some ten millions; a parser takes under two seconds for twenty of them, whatever they are. */
const LONGEST_XML = 32 * 1024 * 1024;
/** Opening brackets, about two an element: parsing a million takes a second and 200 MB; an invoice of 10,000 lines has about that many. */
const MOST_BRACKETS = 1_000_000;
/** The deepest invoice standard nests 12 elements. */
const DEEPEST = 64;

/** The root element's qualified name, read without parsing: enough to tell whether a file is worth it. Undefined when no element begins. InputError for a DOCTYPE. */
export function rootName(text: string, name: string): string | undefined {
  const space = /\s*/y;
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  for (;;) {
    space.lastIndex = at;
    space.exec(text);
    at = space.lastIndex;
    if (text.startsWith("<!DOCTYPE", at)) throw refusedDoctype(name);
    const close = text.startsWith("<?", at) ? "?>" : text.startsWith("<!--", at) ? "-->" : undefined;
    if (close === undefined) break;
    const end = text.indexOf(close, at + 2);
    if (end === -1) return undefined;
    at = end + close.length;
  }
  return /^<([^\s<>/!?]+)[\s/>]/.exec(text.slice(at, at + 200))?.[1];
}

function refusedDoctype(name: string): InputError {
  return new InputError(`${name}: the XML has a document type declaration, which is refused: entities defined in it can fill the memory.`, {
    hint: "Electronic invoices have none. Remove the <!DOCTYPE …> declaration, if you trust the file.",
  });
}

/** Parses XML. InputError when it is malformed, has a document type declaration or is too large; `name` is what the message calls it. */
export async function parseXml(file: string, name: string): Promise<XmlElement> {
  // Nothing may stand before the declaration, but files come with an empty line there.
  const text = file.trim();
  if (rootName(text, name) === undefined) throw malformed(name, "no element begins");
  if (text.length > LONGEST_XML || hasMoreThan(MOST_BRACKETS, text)) {
    throw new InputError(`${name}: the XML is too large to be an invoice.`, { hint: "Give the invoice alone." });
  }
  const { XMLParser, XMLValidator } = await import("fast-xml-parser");
  const validity = XMLValidator.validate(text);
  if (validity !== true) throw malformed(name, `line ${validity.err.line}: ${validity.err.msg}`);
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: "",
    // An invoice number "007" and an amount "12.50" are text.
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    cdataPropName: CDATA,
    processEntities: false,
    maxNestedTags: DEEPEST,
  });
  let parsed: readonly ParsedNode[];
  try {
    parsed = parser.parse(text) as ParsedNode[];
  } catch (error) {
    throw malformed(name, error instanceof Error ? error.message : String(error), error);
  }
  const roots = toElements(parsed, { uris: new Map() });
  const [root] = roots;
  if (root === undefined || roots.length > 1) throw malformed(name, "an XML file has one root element");
  return root;
}

function malformed(name: string, words: string, cause?: unknown): InputError {
  // The parser quotes the file, at any length.
  return new InputError(`${name}: the XML cannot be read (${words.replaceAll(/\s+/g, " ").slice(0, LONGEST_REASON)}).`, {
    hint: "The file is damaged or cut off: get it again from its sender.",
    cause,
  });
}

function hasMoreThan(count: number, text: string): boolean {
  let seen = 0;
  for (let at = text.indexOf("<"); at !== -1; at = text.indexOf("<", at + 1)) if (++seen > count) return true;
  return false;
}

/** Characters of a parser's words that are passed on. */
const LONGEST_REASON = 150;

const CDATA = "#cdata";
const ATTRIBUTES = ":@";

/** What fast-xml-parser makes of a node with `preserveOrder`: one key that is the node's name, and its attributes under ":@". */
type ParsedNode = Readonly<Record<string, unknown>>;

/** Namespace URIs by prefix ("" is the default one), those of outer elements behind them: copied for each element they would cost a stranger's file too much. */
interface Scope {
  readonly uris: ReadonlyMap<string, string>;
  readonly outer?: Scope;
}

function namespaceOf(prefix: string, scope: Scope | undefined): string {
  if (scope === undefined) return "";
  return scope.uris.get(prefix) ?? namespaceOf(prefix, scope.outer);
}

function toElements(nodes: readonly ParsedNode[], scope: Scope): XmlElement[] {
  return nodes.flatMap((node) => {
    const qualified = Object.keys(node).find((key) => key !== ATTRIBUTES);
    if (qualified === undefined || qualified.startsWith("#") || qualified.startsWith("?")) return [];
    return [toElement(qualified, node, scope)];
  });
}

function toElement(qualified: string, node: ParsedNode, outer: Scope): XmlElement {
  const written = Object.entries((node[ATTRIBUTES] ?? {}) as Record<string, unknown>).map(
    ([key, value]) => [key, decodeReferences(String(value))] as const,
  );
  const declared = written.filter(([key]) => key === "xmlns" || key.startsWith("xmlns:"));
  const scope = declared.length === 0 ? outer : { uris: new Map(declared.map(([key, uri]) => [key.slice(6), uri])), outer };
  const [name, prefix] = splitName(qualified);
  const nodes = (node[qualified] ?? []) as readonly ParsedNode[];
  return {
    name,
    namespace: namespaceOf(prefix, scope),
    attributes: new Map(written.map(([key, value]) => [splitName(key)[0], value])),
    children: toElements(nodes, scope),
    text: nodes.map(ownText).join("").trim(),
  };
}

function splitName(qualified: string): [name: string, prefix: string] {
  const colon = qualified.indexOf(":");
  return [qualified.slice(colon + 1), qualified.slice(0, Math.max(0, colon))];
}

function ownText(node: ParsedNode): string {
  const text = node["#text"];
  if (typeof text === "string") return decodeReferences(text);
  const data = node[CDATA];
  return Array.isArray(data) ? data.map((each: ParsedNode) => (typeof each["#text"] === "string" ? each["#text"] : "")).join("") : "";
}

const PREDEFINED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The five entities that XML itself defines, and characters by number. Others cannot be defined without a document type and stay as written. */
function decodeReferences(text: string): string {
  if (!text.includes("&")) return text;
  return text.replaceAll(
    /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-f]{1,6}));/gi,
    (whole, entity?: string, decimal?: string, hex?: string) => {
      if (entity !== undefined) return PREDEFINED[entity] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
      return isCharacter(code) ? String.fromCodePoint(code) : whole;
    },
  );
}

/** XML 1.0's production Char. */
function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

/** The first element at `path` ("SellerTradeParty/Name"); of names parted by "|" any will do. */
export function findElement(element: XmlElement | undefined, path: string): XmlElement | undefined {
  return findElements(element, path)[0];
}

/** All elements at `path`, in the file's order. */
export function findElements(element: XmlElement | undefined, path: string): XmlElement[] {
  if (element === undefined) return [];
  let found = [element];
  for (const step of path.split("/")) {
    const names = step.split("|");
    found = found.flatMap((each) => each.children.filter((child) => names.includes(child.name)));
  }
  return found;
}
