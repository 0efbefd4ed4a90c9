import type { Party } from "../../schema.ts";
import type { Sourced } from "../../sourced.ts";
import { hasPostCode } from "../address.ts";
import { cellsOf, isOther } from "../cells.ts";
import type { Cell } from "../cells.ts";
import { fold } from "../fold.ts";
import type { Reading, TextRow } from "../reading.ts";
import { blockParty } from "./block.ts";

/** Lines of a block that are looked at. */
const LONGEST_BLOCK = 8;

/** The buyer in the window of a letter, or in any other block with a post code in the first page's upper half: the first that is not the seller's. */
export function windowAddress(reading: Reading, seller: Sourced<Party>, senderRow: TextRow | undefined): Sourced<Party> {
  const [first] = reading.sheets;
  if (first === undefined) return {};
  const upper = cellsOf(reading.rows.filter(({ sheet, row }) => sheet === first && row.box.y < 0.5 * first.height));
  const cells = senderRow === undefined ? upper : upper.filter(({ row }) => row.index > senderRow.index);
  const sellerName = fold(seller.name?.value ?? "");
  const own = new Set([sellerName, fold(seller.address?.value ?? "")]);
  for (const start of cells) {
    if (isOther(start) || own.has(fold(start.segment.text))) continue;
    const block = blockFrom(start, cells).slice(0, LONGEST_BLOCK);
    const party = blockParty(block, 0.7);
    if (party?.name === undefined || party.address === undefined || !hasPostCode(party.address.value)) continue;
    const isSeller = sellerName !== "" && fold(block.map(({ segment }) => segment.text).join(" ")).includes(sellerName);
    if (!isSeller && !own.has(fold(party.name.value)) && !own.has(fold(party.address.value))) return party;
  }
  return {};
}

/** Cells that begin where `start` does, one below the other. */
function blockFrom(start: Cell, cells: readonly Cell[]): Cell[] {
  const { lineHeight } = start.row.sheet;
  const block: Cell[] = [];
  for (const cell of cells) {
    if (cell.row.index < start.row.index || Math.abs(cell.segment.box.x - start.segment.box.x) >= lineHeight) continue;
    const before = block.at(-1);
    if (before !== undefined && cell.segment.box.y - before.segment.box.y > 4.2 * lineHeight) break;
    block.push(cell);
  }
  return block;
}
