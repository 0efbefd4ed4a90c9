import { SetupError } from "../errors.ts";
import { findQuote, type Line } from "../page.ts";
import { isLookable, matchObject, type SeenObject, selectObjects, unjudgedSentence, type VisualQuery } from "../query/index.ts";
import { type Answer, labelFor, type Located, type Task } from "./locating.ts";

/** Finds it by what this machine's own eyes see, without a model. SetupError where they cannot look for such a thing at all. */
export function locateByEyes({ query, sight, max }: Task): Answer {
  if (!isLookable(query)) throw needsModel(query);
  const unjudged = unjudgedSentence(query);
  const said = unjudged === undefined ? [] : [unjudged];
  if (query.labels.length === 0) {
    const found = locateText(query, sight.lines ?? [], sight);
    return { objects: found.slice(0, max), warnings: [...said, ...textWarnings(query, found), ...more(found.length, max)] };
  }
  const selected = selectObjects(query, sight.objects, sight);
  const objects = selected.map(({ object, confidence }): Located => ({
    label: labelFor(query, object.label),
    box: object.box,
    confidence,
    method: "detector",
  }));
  return {
    objects: objects.slice(0, max),
    warnings: [
      ...said,
      ...hiddenParts(selected.slice(0, max).map(({ match }) => match.unseen)),
      ...passedOver(query, sight.objects, sight, objects.length),
      ...counted(query, objects.length),
      ...more(objects.length, max),
    ],
  };
}

/** Where the text stands that is asked for. */
export function locateText(query: VisualQuery, lines: readonly Line[], picture: Task["sight"]): Located[] {
  const says = query.says ?? "";
  const alone = lines.filter((line) => findQuote([line], says) !== undefined);
  // A text over several lines is found as a whole, and once.
  const across = alone.length > 0 ? undefined : findQuote(lines, says);
  const boxes =
    across === undefined
      ? alone.map(({ box, confidence }) => ({ box, confidence }))
      : [{ box: across, confidence: Math.min(...linesIn(across, lines).map(({ confidence }) => confidence)) }];
  // Of the query only where it stands matters: that it is the text has been found.
  const { text, places } = query;
  const asText: VisualQuery = { text, labels: ["text"], colors: [], anyColor: false, garments: [], places, companions: [], unjudged: [] };
  const objects = boxes.map(({ box, confidence }): SeenObject => ({ label: "text", box, confidence: Math.min(1, confidence) }));
  return selectObjects(asText, objects, picture).map(({ object, confidence }) => ({
    label: labelFor(query, "text"),
    box: object.box,
    confidence,
    method: "text" as const,
  }));
}

function linesIn(box: Task["sight"]["objects"][number]["box"], lines: readonly Line[]): Line[] {
  return lines.filter(({ box: line }) => line.y >= box.y && line.y + line.height <= box.y + box.height);
}

function textWarnings({ subject }: VisualQuery, found: readonly Located[]): string[] {
  const isText =
    subject === undefined || /^(?:text|words?|letters|lines?|writing|sentence|number|headline|title|heading|price|total)$/i.test(subject);
  return found.length === 0 || isText ? [] : [`The box is around the text, not around the whole ${subject}.`];
}

/** What was asked of those that were found and could not be seen. */
function hiddenParts(unseen: readonly (readonly string[])[]): string[] {
  return unseen.flatMap((words, index) =>
    words.length === 0
      ? []
      : [`Not seen of ${unseen.length === 1 ? "it" : `number ${index + 1}`}, hidden or too small: ${words.join(", ")}.`],
  );
}

/** Why others of the kind are not among those found: what speaks against them, or that they show too little to tell. */
function passedOver(query: VisualQuery, objects: readonly SeenObject[], picture: Task["sight"], found: number): string[] {
  const others = objects
    .filter(({ label }) => query.labels.includes(label))
    .map((object) => matchObject(query, object, picture))
    .filter(({ matches }) => !matches);
  const open = others.filter(({ against }) => against.length === 0).length;
  const against = [...new Set(others.flatMap((match) => match.against))];
  const many = (count: number): string => `${count} ${found > 0 ? "more " : ""}of the kind ${count === 1 ? "was" : "were"} seen`;
  return [
    ...(found === 0 && against.length > 0 ? [`${many(others.length - open)} that did not fit: ${against.join(", ")}.`] : []),
    ...(open > 0 ? [`${many(open)} of which too little shows to tell.`] : []),
  ];
}

function counted({ count }: VisualQuery, found: number): string[] {
  return count === undefined || count === found ? [] : [`${count} were asked for, ${found} were found.`];
}

function more(found: number, max: number): string[] {
  return found > max ? [`${found} match; the first ${max} are given.`] : [];
}

function needsModel(query: VisualQuery): SetupError {
  return new SetupError(
    `This machine's own eyes cannot look for "${query.text}": they know people, the other 79 kinds of things of COCO, and text. ` +
      "Anything else needs a vision model, and none is set up: install Ollama and run `ollama pull qwen3-vl:8b` (it is found by itself), " +
      "or name a server with SIGHTLINE_BASE_URL and its model with SIGHTLINE_MODEL.",
    { hint: 'Without one, ask in English for e.g. "the person in the red top", "the dog on the left" or "the sign that says EXIT".' },
  );
}
