import type { Party } from "../../schema.ts";
import type { Sourced } from "../../sourced.ts";
import type { Reading } from "../reading.ts";
import { labelledParty } from "./labelled.ts";
import { letterhead } from "./letterhead.ts";
import { senderLine } from "./sender-line.ts";
import { readTaxId, readVatIds } from "./tax-ids.ts";
import { windowAddress } from "./window.ts";

/** Seller and buyer: what headings say, else the sender's line or the letterhead, and the window of the letter. */
export function readParties(reading: Reading): { readonly seller: Sourced<Party>; readonly buyer: Sourced<Party> } {
  const labelledSeller = labelledParty(reading, "seller");
  const labelledBuyer = labelledParty(reading, "buyer");
  const sender = labelledSeller === undefined ? senderLine(reading) : undefined;
  const seller = labelledSeller ?? sender?.party ?? letterhead(reading, labelledBuyer);
  const buyer = labelledBuyer ?? windowAddress(reading, seller, sender?.row);
  const ids = readVatIds(reading);
  return {
    seller: { ...seller, vat_id: ids.seller, tax_id: readTaxId(reading) },
    buyer: { ...buyer, vat_id: ids.buyer },
  };
}
