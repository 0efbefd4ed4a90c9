import { InputError } from "../errors.ts";
import { readQuery } from "./read-query.ts";
import { NOUNS } from "./vocabulary.ts";
import type { VisualQuery } from "./visual-query.ts";

/** Longest query, in UTF-16 units: a sentence or two. */
export const LONGEST_QUERY = 500;

const HINT = 'Name the thing in a few words, e.g. "the woman in the striped top" or "the sign that says EXIT".';

/**
 * Reads a question such as "Where is the woman in the black and white striped top?". English alone; words it does not know are returned as not judged.
 * InputError when it is empty, longer than `LONGEST_QUERY`, or names nothing at all.
 */
export function parseVisualQuery(query: string): VisualQuery {
  const text = query.normalize("NFKC").replaceAll(/\s+/g, " ").trim();
  if (text === "") throw new InputError("The query is empty.", { hint: HINT });
  if (text.length > LONGEST_QUERY)
    throw new InputError(`The query has ${text.length} characters, more than the ${LONGEST_QUERY} that are read.`, {
      hint: "Name one thing in a sentence, and ask again for the next one.",
    });
  const parsed = readQuery(text);
  if (parsed.labels.length === 0 && parsed.says === undefined && parsed.unjudged.length === 0 && parsed.colors.length === 0)
    throw new InputError(`The query names no thing to look for: "${text}".`, { hint: HINT });
  return parsed;
}

/** The COCO classes that a label names and means no more than; undefined where it says more, or names none: "cat" and "cats", but not "kitten" or "black cat". */
export function classesNamed(label: string): readonly string[] | undefined {
  const noun = NOUNS.get(label.normalize("NFKC").trim().toLowerCase());
  return noun === undefined || noun.asks !== undefined ? undefined : noun.labels;
}
