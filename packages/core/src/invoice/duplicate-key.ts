import { foldText } from "../page.ts";
import { shortest } from "./amount.ts";
import type { Invoice } from "./schema.ts";

/**
 * What two copies of one invoice have in common, however each was read: the seller (its VAT id, or else its name), number, date and gross. Undefined where
 * one of them is missing: such an invoice may be a copy of any other.
 */
export function duplicateKey({ seller, number, issue_date: date, totals }: Invoice): string | undefined {
  const who = seller?.vat_id?.replaceAll(/\W/g, "").toUpperCase() ?? foldText(seller?.name ?? "");
  const which = foldText(number ?? "");
  if (who === "" || which === "" || date === undefined || totals?.gross === undefined) return undefined;
  return [who, which, date, shortest(totals.gross)].join("|");
}
