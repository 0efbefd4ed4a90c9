import { takeSaying, tokensOf } from "./query-words.ts";
import { readColor, readGarment, readPattern, readPatternNoun, readShade, readSleeves } from "./read-clothes.ts";
import { readOrdinal, readSide, readSuperlative } from "./read-places.ts";
import { readCount, readGrammar, readNegation, readNoun, readTextCarrier, readUnknown, settle } from "./read-things.ts";
import { putOff, type Reading, SLEEVES, startReading } from "./reading.ts";
import type { Unjudged, VisualQuery } from "./visual-query.ts";
import { PATTERN_NOUNS } from "./vocabulary.ts";

type Rule = (reading: Reading, at: number, says: string | undefined) => number;

/** Asked in this order at each word; the first that takes words is the one. The last takes any. */
const RULES: readonly Rule[] = [
  readNegation,
  readOrdinal,
  readSuperlative,
  readSide,
  readNoun,
  readGarment,
  readShade,
  readColor,
  readPattern,
  readSleeves,
  readPatternNoun,
  readCount,
  readTextCarrier,
  readGrammar,
  readUnknown,
];

/** Reads the words from the left, collecting colours, patterns and sides until the noun they belong to. `text` is not empty. */
export function readQuery(text: string): VisualQuery {
  const { says, rest } = takeSaying(text);
  const reading = startReading(text, tokensOf(rest));
  for (let at = 0; at < reading.tokens.length;) {
    if (reading.taken.has(at)) at++;
    else
      for (const rule of RULES) {
        const length = rule(reading, at, says);
        at += length;
        if (length > 0) break;
      }
  }
  settle(reading, reading.tokens.length - 1);
  return finished(reading, says);
}

/** The query, and whatever fell between told as not judged. */
function finished(reading: Reading, says: string | undefined): VisualQuery {
  const { text, garments, labels, subjects, places, companions, colors, anyColor, count, unjudged } = reading;
  if (reading.heldSleeves.length > 0)
    garments.push({ words: "sleeves", part: "upper", colors: [], anyColor: false, sleeves: reading.heldSleeves });
  let [subject] = subjects.length === 1 ? subjects : [];
  if (garments.length > 0 && subjects.length === 0 && !reading.unknownHead) {
    labels.push("person");
    subject = "person";
    // "The red coat of the woman": she is who wears it.
    const wearer = companions.findIndex((companion) => companion.labels.includes("person"));
    if (wearer !== -1) companions.splice(wearer, 1);
  }
  const ofPerson = labels.includes("person");
  const isJudged = ({ colors, pattern, sleeves }: (typeof garments)[number]): boolean =>
    ofPerson && (colors.length > 0 || pattern !== undefined || sleeves.length > 0);
  const wanted = garments.filter(isJudged);
  for (const garment of garments) {
    const told = isJudged(garment) || (ofPerson && unjudged.some(({ words }) => garment.words.endsWith(words)));
    if (!told) unjudged.push({ words: garment.words, asks: "garment kind", from: 0, to: 0 });
  }
  const query = { text, labels, colors, anyColor, garments: wanted, places, companions, ...(says === undefined ? {} : { says }) };
  putOffTheRest(reading, query);
  return {
    ...query,
    ...(subject === undefined ? {} : { subject }),
    ...(count === undefined ? {} : { count }),
    unjudged: onceEach(unjudged),
  };
}

/** No word that narrows the question is dropped: those that stand in none of its parts are not judged. */
function putOffTheRest(
  reading: Reading,
  { says = "", colors, garments, places, companions }: Omit<VisualQuery, "unjudged" | "subject" | "count">,
): void {
  const parts = [
    ...colors,
    ...places,
    ...companions,
    ...reading.unjudged,
    ...garments.flatMap((garment) => [garment, ...garment.colors, ...garment.sleeves]),
  ];
  const told = new Set(
    [says, ...reading.subjects, ...parts.map(({ words }) => words)].flatMap((words) => tokensOf(words).map(({ word }) => word)),
  );
  reading.tokens.forEach(({ word }, at) => {
    const narrows = word !== "," && !reading.grammar.has(at) && !SLEEVES.has(word) && !PATTERN_NOUNS.has(word);
    if (narrows && !told.has(word)) putOff(reading, at, at, "other");
  });
}

function onceEach(unjudged: readonly Unjudged[]): Unjudged[] {
  return unjudged
    .filter(({ words }, index) => unjudged.findIndex((other) => other.words === words) === index)
    .map(({ words, asks }) => ({ words, asks }));
}
