import { isJson, listOf, numberOf, textOf, type Json } from "./json.ts";
import type { Hits, Span } from "./view.ts";

/** When things can be seen in a video: the matches of a search, or the parts of a description. Undefined where the answer is about no video. */
export function readHits(output: Json): Hits | undefined {
  // What a search would take is no search.
  if (isJson(output["estimate"])) return undefined;
  const spans = [...listOf(output["matches"]), ...listOf(output["timeline"])].flatMap(toSpan);
  const coverage = isJson(output["coverage"]) ? output["coverage"] : {};
  const duration = numberOf(output["duration"]) ?? numberOf(coverage["duration"]);
  if (duration === undefined || !(Array.isArray(output["matches"]) || Array.isArray(output["timeline"]))) return undefined;
  return { duration, spans: spans.toSorted((one, other) => one.start - other.start) };
}

function toSpan(value: Json): Span[] {
  const [start, end] = [numberOf(value["start"]), numberOf(value["end"])];
  if (start === undefined || end === undefined) return [];
  const [sure, frame] = [numberOf(value["confidence"]), textOf(value["frame"])];
  return [
    {
      start,
      end,
      best: numberOf(value["best_time"]) ?? start,
      label: textOf(value["description"]) ?? "Match",
      detail: sure === undefined ? "" : `${Math.round(sure * 100)}\u00A0%`,
      ...(frame === undefined ? {} : { frame }),
    },
  ];
}

/** "1:02:03.5"; hours only where there are some, tenths only where they are not zero. */
export function clock(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  const [hours, minutes, rest] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60, (tenths % 600) / 10];
  const tail = (rest % 1 === 0 ? String(rest) : rest.toFixed(1)).padStart(rest % 1 === 0 ? 2 : 4, "0");
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, "0")}:${tail}`;
}
