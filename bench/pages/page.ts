import type { PageLanguage } from "./languages.ts";

/** A piece of print: where its baseline starts (or ends), in millimetres from the top left of an A4 page. */
export interface PrintedText {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** Points. */
  readonly size: number;
  readonly anchor: "start" | "end";
  readonly bold: boolean;
  /** 0 black to 255 white. */
  readonly gray: number;
}

export interface Rule {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly gray: number;
}

export interface PageDrawing {
  readonly texts: readonly PrintedText[];
  readonly rules: readonly Rule[];
}

/** Deterministic numbers in [0, 1) from a seed (mulberry32, public domain). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** An invoice or a letter, always the same for one seed. */
export function drawPage(language: PageLanguage, kind: "invoice" | "letter", seed: number): PageDrawing {
  const random = randomNumbers(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)]!;
  const digits = (count: number): string => Array.from({ length: count }, () => below(10)).join("");
  const shuffled = <T>(from: readonly T[]): T[] =>
    from
      .map((value) => ({ value, key: random() }))
      .sort((a, b) => a.key - b.key)
      .map(({ value }) => value);
  const texts: PrintedText[] = [];
  const rules: Rule[] = [];
  // Up to a size at which a typewriter face keeps its columns apart.
  const size = pick([8, 9, 10, 11]);
  const step = size * 0.353 * 1.45;
  const print = (x: number, y: number, text: string, options: Partial<Omit<PrintedText, "x" | "y" | "text">> = {}): void => {
    // A no-break space is drawn like a space, and no reader can tell.
    texts.push({ x, y, text: text.replace(/[\u00a0\u202f]/g, " "), size, anchor: "start", bold: false, gray: 0, ...options });
  };
  const amount = (value: number): string =>
    `${new Intl.NumberFormat(language.locale, { minimumFractionDigits: 2, maximumFractionDigits: 2, useGrouping: "always" }).format(value)} €`;
  const date = (): string => pick(language.dates(1 + below(28), 1 + below(12), 2015 + below(15)));
  const iban = (): string => `${language.ibanPrefix}${digits(20)}`.replace(/(.{4})/g, "$1 ").trim();
  const { labels } = language;

  let y = 25;
  const company = pick(language.companies);
  print(20, y, company, { size: size + 5, bold: true });
  y += step * 1.3;
  print(20, y, `${pick(language.streets)} ${1 + below(180)}, ${digits(5)} ${pick(language.towns)}`, { gray: 40 });
  print(190, y, `${labels.phone}: +${20 + below(30)} ${digits(3)} ${digits(6)}`, { anchor: "end", gray: 40 });
  y += 4;
  rules.push({ x: 20, y, width: 170, height: 0.3, gray: 120 });
  y += step * 2;
  for (const line of [pick(language.people), `${pick(language.streets)} ${1 + below(99)}`, `${digits(5)} ${pick(language.towns)}`]) {
    print(20, y, line);
    y += step;
  }
  y += step;
  if (kind === "invoice") {
    print(20, y, `${labels.invoice} ${2015 + below(15)}-${digits(4)}`, { size: size + 4, bold: true });
    y += step * 1.8;
    for (const [label, value] of [
      [labels.number, `R${digits(7)}`],
      [labels.date, date()],
      [labels.due, date()],
      [labels.customer, `${digits(5)}-${pick(["A", "B", "K", "X"])}`],
      [labels.vatId, `${language.vatPrefix}${digits(9)}`],
    ] as const) {
      print(20, y, `${label}:`);
      print(75, y, value);
      y += step;
    }
    y += step;
    rules.push({ x: 20, y: y - step * 0.8, width: 170, height: step * 1.15, gray: 225 });
    const columns = [20, 110, 152, 190] as const;
    print(columns[0] + 1, y, labels.item, { bold: true });
    [labels.quantity, labels.price, labels.amount].forEach((label, i) =>
      print(columns[i + 1]! - 1, y, label, { anchor: "end", bold: true }),
    );
    y += step * 1.5;
    let net = 0;
    for (const good of shuffled(language.goods).slice(0, 5 + below(6))) {
      const quantity = 1 + below(30);
      const price = (100 + below(200000)) / 100;
      net += quantity * price;
      print(columns[0] + 1, y, good);
      print(columns[1] - 1, y, String(quantity), { anchor: "end" });
      print(columns[2] - 1, y, amount(price), { anchor: "end" });
      print(columns[3] - 1, y, amount(quantity * price), { anchor: "end" });
      rules.push({ x: 20, y: y + step * 0.35, width: 170, height: 0.15, gray: 170 });
      y += step * 1.25;
    }
    y += step * 0.5;
    for (const [label, value, bold] of [
      [labels.net, net, false],
      [labels.vat, net * 0.2, false],
      [labels.total, net * 1.2, true],
    ] as const) {
      print(columns[2] - 1, y, label, { anchor: "end", bold });
      print(columns[3] - 1, y, amount(value), { anchor: "end", bold });
      y += step * 1.2;
    }
  } else {
    print(190, y, `${pick(language.towns)}, ${date()}`, { anchor: "end" });
    y += step * 2;
    print(20, y, `${labels.invoice} ${digits(8)}, ${date()}: ${amount((100 + below(900000)) / 100)}`, { bold: true });
    y += step * 2;
    print(20, y, labels.greeting);
    y += step * 1.6;
  }
  const width = 72;
  for (const sentence of shuffled(language.sentences).slice(0, kind === "invoice" ? 3 : 9)) {
    if (y > 250) break;
    for (const line of wrap(
      `${sentence}${kind === "letter" && random() < 0.4 ? ` ${labels.number} ${digits(6)}, ${date()}, ${amount(below(400000) / 100)}.` : ""}`,
      width,
    )) {
      print(20, y, line);
      y += step;
    }
    y += kind === "letter" ? step * 0.6 : 0;
  }
  y += step;
  print(20, y, labels.closing);
  print(20, y + step * 1.5, pick(language.people), { bold: random() < 0.3 });
  rules.push({ x: 20, y: 276, width: 170, height: 0.2, gray: 150 });
  print(20, 281, `IBAN ${iban()}   BIC ${pick(["DEUTDEFF500", "BNPAFRPP", "CAIXESBBXXX"])}`, { size: 8, gray: 70 });
  print(190, 281, `${labels.vatId} ${language.vatPrefix}${digits(9)}`, { size: 8, gray: 70, anchor: "end" });
  return { texts, rules };
}

function wrap(text: string, characters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < characters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** What a reader should find: one line for each row of print, its pieces from left to right with one space between. */
export function printedRows(page: PageDrawing): string[] {
  const rows = new Map<number, PrintedText[]>();
  for (const text of page.texts) rows.set(text.y, [...(rows.get(text.y) ?? []), text]);
  return [...rows.entries()]
    .sort(([a], [b]) => a - b)
    .map(([, row]) =>
      row
        .sort((a, b) => a.x - b.x)
        .map(({ text }) => text)
        .join(" ")
        .replace(/ +/g, " "),
    );
}
