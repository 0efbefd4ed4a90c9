import type { Grounds, Place } from "../grounding.ts";
import type { EvidenceRecord } from "../invoice/schema.ts";
import { kindOf } from "./fields.ts";
import { valueAt } from "./reading.ts";
import type { Reading } from "./reading.ts";

/** `reading` with the places on the page of values that were read elsewhere, in XML. What the page does not show keeps its evidence without a place. */
export function placed(reading: Reading, grounds: Grounds): Reading {
  const evidence: EvidenceRecord = {};
  // Values of one line or one tax stand side by side: the first that is found leads to the others.
  const near = new Map<string, Place>();
  for (const [path, found] of Object.entries(reading.evidence)) {
    const value = valueAt(reading.invoice, path);
    const entry = /^[^.]+\[\d+\]/.exec(path)?.[0];
    const kind = kindOf(path);
    const place =
      found.page !== undefined || value === undefined
        ? undefined
        : grounds.find(value, kind, { last: path.startsWith("totals."), near: entry === undefined ? undefined : near.get(entry) });
    evidence[path] = place === undefined ? found : { ...found, page: place.page, box: { ...place.box } };
    if (entry !== undefined && place !== undefined && !near.has(entry)) near.set(entry, place);
  }
  return { ...reading, evidence };
}
