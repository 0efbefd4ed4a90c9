import type { Page } from "../../page.ts";
import { readHeader } from "./header.ts";
import { labelsOf, toReading } from "./reading.ts";
import type { Reading } from "./reading.ts";

/** Pages of one file that are one invoice, in their order. */
export type PageGroup = readonly [Page, ...Page[]];

/**
 * Parts a file's pages into invoices. A new one begins with a page that names another invoice number than the pages before, or that calls itself page 1 of some
 * where the page before was none of the same count. A page that says neither goes with those before it.
 */
export function groupPages(pages: readonly Page[]): PageGroup[] {
  const groups: { pages: [Page, ...Page[]]; number: string | undefined; count: PageCount | undefined }[] = [];
  for (const page of pages) {
    const reading = toReading([page]);
    const number = readHeader(reading).number?.value;
    const count = pageCount(reading);
    const last = groups.at(-1);
    const isOther = last?.number !== undefined && number !== undefined && last.number !== number;
    const beginsAnew = count?.page === 1 && last?.count !== undefined;
    // "Page 2 of 2" goes with the page before, whatever number it mentions.
    const goesOn = count !== undefined && count.page > 1 && last?.count?.page === count.page - 1 && last.count.of === count.of;
    if (last === undefined || (!goesOn && (isOther || beginsAnew))) {
      groups.push({ pages: [page], number, count });
      continue;
    }
    last.pages.push(page);
    last.number ??= number;
    last.count = count;
  }
  return groups.map((group) => group.pages);
}

interface PageCount {
  readonly page: number;
  readonly of: number | undefined;
}

/** "Page 1 of 3", "Seite 1/3", "第 1 页 共 3 页"; undefined where the page does not count itself. */
function pageCount(reading: Reading): PageCount | undefined {
  for (const { row, label } of labelsOf(reading, "page")) {
    const match = /^[\s:：.]*(\d{1,3})(?:\s*\p{L}{0,5}\s*[/|]?\s*(?:共\s*)?(\d{1,3}))?(?!\d)/u.exec(row.text.slice(label.to));
    if (match !== null) return { page: Number(match[1]), of: match[2] === undefined ? undefined : Number(match[2]) };
  }
  return undefined;
}
