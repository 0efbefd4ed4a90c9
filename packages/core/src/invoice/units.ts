/** Common units of UN/ECE Recommendation 20 (and 21, with an X before it) in words; invoices in XML carry the codes. */
const WORDS: Readonly<Record<string, string>> = {
  ANN: "year",
  C62: "unit",
  CMT: "cm",
  DAY: "day",
  EA: "each",
  GRM: "g",
  H87: "piece",
  HUR: "hour",
  KGM: "kg",
  KMT: "km",
  KTM: "km",
  KWH: "kWh",
  LS: "lump sum",
  LTR: "l",
  MIN: "minute",
  MMT: "mm",
  MON: "month",
  MTK: "m²",
  MTQ: "m³",
  MTR: "m",
  NAR: "article",
  P1: "percent",
  PR: "pair",
  SET: "set",
  TNE: "t",
  WEE: "week",
  XBX: "box",
  XCT: "carton",
  XPK: "package",
  XPP: "piece",
  XPX: "pallet",
};

/** A unit as a reader knows it: a code's word, or the unit itself where it is no code of these. */
export function unitWord(unit: string): string {
  return WORDS[unit] ?? unit;
}
