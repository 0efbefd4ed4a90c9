import fc from "fast-check";
import { expect, test } from "vitest";
import { LONGEST_QUERY, parseVisualQuery } from "./parse-visual-query.ts";
import { tokensOf } from "./query-words.ts";
import { unjudgedSentence, type VisualQuery } from "./visual-query.ts";
import { ASKED_FOR, ASKING, COLORS, FUNCTION_WORDS, GARMENTS, NOUNS, ORDINALS, PATTERNS, PICTURES, SHADES, SIDES } from "./vocabulary.ts";

const garmentsOf = (query: string) =>
  parseVisualQuery(query).garments.map(({ part, colors, pattern, sleeves }) =>
    [part, colors.map(({ words }) => words).join("+"), pattern ?? "", sleeves.map(({ words }) => words).join("+")]
      .filter((each) => each !== "")
      .join(" "),
  );
const unjudgedOf = (query: string) => parseVisualQuery(query).unjudged.map(({ words, asks }) => `${asks}: ${words}`);

test.each([
  ["Where is the woman in the black and white striped top in the picture?", ["upper black+white striped"]],
  [
    "Where is the man wearing a white shirt, light blue jeans, and white shoes in the picture?",
    ["upper white", "lower light blue", "feet white"],
  ],
  ["A woman wearing a red top and blue jeans", ["upper red", "lower blue"]],
  ["A short-haired man wearing blue jeans and a black shirt with green sleeves", ["lower blue", "upper black green"]],
  ["person dressed in black", ["outfit black"]],
  ["someone in dark clothes", ["outfit dark"]],
  ["someone in a light-coloured top", ["upper light-coloured"]],
  ["a shirt with red stripes", ["upper red striped"]],
  ["the green sleeved shirt", ["upper green"]],
  ["the man whose jeans are blue", ["lower blue"]],
  ["a navy-and-beige checked jacket on a man", ["upper navy+beige checked"]],
  ["a red leather jacket", ["upper red"]],
  ["orange suit", ["outfit orange"]],
  ["I'm looking for a man in a green jacket", ["upper green"]],
  ["a pair of red shoes", ["feet red"]],
  ["bloke in a blue anorak", ["upper blue"]],
  ["THE LADY IN THE RED-AND-WHITE STRIPED T-SHIRT", ["upper RED+WHITE striped"]],
  ["red top blue jeans white trainers", ["upper red", "lower blue", "feet white"]],
  ["sky-blue shirt", ["upper sky-blue"]],
  ["off-white trousers", ["lower off-white"]],
  ["the polka-dot dress", ["outfit patterned"]],
  ["a person in an orange hi-vis vest", ["upper orange"]],
  ["a black suit jacket", ["upper black"]],
  ["white tee-shirt", ["upper white"]],
  ["a man black t-shirt, jeans", ["upper black"]],
  ["a red short-sleeved shirt", ["upper red"]],
  ["a blue jacket with gold buttons", ["upper blue"]],
  ["white shirt with a red logo", ["upper white"]],
  ["when does the man in black leave", ["outfit black"]],
  ["a person in black walking on the left", ["outfit black"]],
  ["anyone wearing something red", ["any red"]],
  ["a man in red and a woman in blue", ["outfit red"]],
  ["the man next to the woman in the red dress", []],
  ['"woman in red"', ["outfit red"]],
])("%s", (query, garments) => {
  expect(garmentsOf(query)).toEqual(garments);
  expect(parseVisualQuery(query).labels).toEqual(["person"]);
});

test.each([
  ["a cat or a dog", ["cat", "dog"]],
  ["two traffic lights", ["traffic light"]],
  ["an orange", ["orange"]],
  ["the wine glasses", ["wine glass"]],
  ["Locate the vehicles", ["car", "truck", "bus", "motorcycle"]],
  ["a cup of coffee", ["cup"]],
  ["the dog next to the man", ["dog"]],
  ["the kettle next to the fridge", []],
  ["no dog", []],
  ["a couple of dogs", ["dog"]],
  ["a crowd of people", ["person"]],
  ["bus driver", ["person"]],
  ["the man in a football shirt", ["person"]],
  ["a motor bike", ["motorcycle"]],
  ["give me the bounding box of the cat", ["cat"]],
  ["Which frames show a dog?", ["dog"]],
  ["draw a box around the dog", ["dog"]],
  ["the box next to the dog", []],
  ["the object on the table", []],
  ["'a red car'", ["car"]],
])("%s is of the classes %j", (query, labels) => {
  expect(parseVisualQuery(query).labels).toEqual(labels);
});

test.each([
  ["A short-haired man in blue jeans", ["hair: short-haired", "gender: man", "garment kind: jeans"]],
  ["a woman with long brown hair and a red top", ["gender: woman", "hair: long brown hair"]],
  ["a grey-haired man in a black top", ["hair: grey-haired", "gender: man"]],
  ["a man in black pants standing", ["gender: man", "garment kind: pants", "action: standing"]],
  ["a young person holding a phone", ["age: young", "action: holding"]],
  ["a person not wearing a red top", ["other: not wearing a red top"]],
  ["a person in a red hat", ["accessory: red hat"]],
  ["the black man", ["other: black man", "gender: man"]],
  ["a person left of the bus", ["other: left of the bus"]],
  ["a long-sleeved red top", ["sleeve length: long-sleeved"]],
  ["die Frau im roten Kleid", ["other: die Frau im roten Kleid"]],
  ["a person holding a bag in his left hand", ["action: holding", "other: left hand"]],
  ["a person walking from left to right", ["action: walking", "action: from left to right"]],
  ["a person facing left", ["action: facing", "action: left"]],
  ["a person with a box", ["other: box"]],
  ["a person holding a photo in the photo", ["action: holding", "other: photo"]],
  ["a person at the side of the road", ["other: side", "other: road"]],
  ["the man next to the woman in the red dress", ["gender: man", "gender: woman", "other: red dress"]],
  ["a man in red and a woman in blue", ["gender: man", "another thing: a woman in blue"]],
  ["a red car or a blue bus", ["another thing: a blue bus"]],
  ["a dog and a red car", ["another thing: a red car"]],
  ["a hi-vis vest", ["other: hi-vis", "garment kind: vest"]],
  ["a person in two coats", ["other: two", "garment kind: coats"]],
  ["a dog in a red coat", ["garment kind: coat", "garment kind: red coat"]],
])("%s: not judged %j", (query, unjudged) => {
  expect(unjudgedOf(query)).toEqual(unjudged);
});

test.each<[string, Partial<VisualQuery>]>([
  ["the sign that says EXIT", { says: "EXIT", subject: "sign", labels: [] }],
  ["the sign which says EXIT on the left", { says: "EXIT", places: [{ kind: "side", words: "left", side: "left" }] }],
  ['the bus with the words "cero emisiones" on it', { says: "cero emisiones", labels: ["bus"] }],
  ["the button labelled log in, in the picture", { says: "log in" }],
  ["a man reading a book", { labels: ["person"] }],
  ["second person from the left", { places: [{ kind: "rank", words: "second from the left", by: "left", nth: 2 }] }],
  ["the dog on the far right", { places: [{ kind: "rank", words: "far right", by: "right", nth: 1 }] }],
  ["the largest dog", { places: [{ kind: "rank", words: "largest", by: "largest", nth: 1 }] }],
  ["where's the cat?", { labels: ["cat"], companions: [], unjudged: [] }],
  ["the EXIT sign", { says: "EXIT", subject: "sign", unjudged: [] }],
  ["Where is the Log In button?", { says: "Log In", subject: "button" }],
  ["the STOP sign", { labels: ["stop sign"] }],
  ["two dogs", { count: 2 }],
  ["3 cars", { count: 3, unjudged: [] }],
  ["How many people are there?", { labels: ["person"], unjudged: [] }],
  ["where does it say EXIT", { says: "EXIT", unjudged: [] }],
  ["WHERE IS THE EXIT SIGN?", { says: "EXIT", subject: "SIGN", unjudged: [] }],
  ["the submit button", { says: "submit", subject: "button", unjudged: [] }],
  ["the word Total", { says: "Total", subject: "word" }],
  ["bus number 42", { says: "42", labels: ["bus"], unjudged: [] }],
  ['"Push"', { says: "Push" }],
  ["a red or blue car", { anyColor: true, unjudged: [] }],
  ["the red car", { anyColor: false, colors: [{ words: "red", names: ["red"] }] }],
  ["the person with an umbrella", { companions: [{ words: "umbrella", labels: ["umbrella"] }] }],
])("%s", (query, expected) => {
  expect(parseVisualQuery(query)).toMatchObject(expected);
});

test("what was not judged is one sentence", () => {
  expect(unjudgedSentence(parseVisualQuery("A short-haired man in blue jeans"))).toBe(
    'Not judged, as that needs a vision model: hair ("short-haired"); gender ("man"); garment kind ("jeans").',
  );
  expect(unjudgedSentence(parseVisualQuery("a person"))).toBeUndefined();
});

test.each([
  ["", "empty"],
  [" \n\t", "empty"],
  ["???", "names no thing"],
  ["Where is it in the picture?", "names no thing"],
  ["How are you?", "names no thing"],
  ["a dog ".repeat(100), `more than the ${LONGEST_QUERY}`],
])("%j is an InputError that says %s", (query, words) => {
  expect(() => parseVisualQuery(query)).toThrow(expect.objectContaining({ kind: "InputError", message: expect.stringContaining(words) }));
});

/** Everything a query was read as. */
function wordsOf(query: VisualQuery): string[] {
  const words = [
    query.says ?? "",
    query.subject ?? "",
    ...query.colors.map((each) => each.words),
    ...query.garments.flatMap((each) => [
      each.words,
      ...each.colors.map((color) => color.words),
      ...each.sleeves.map((color) => color.words),
    ]),
    ...query.places.map((each) => each.words),
    ...query.companions.map((each) => each.words),
    ...query.unjudged.map((each) => each.words),
  ];
  return words.flatMap((each) => tokensOf(each).map(({ word }) => word));
}

const vocabulary = [NOUNS, GARMENTS, COLORS, PATTERNS, SHADES, SIDES, ORDINALS].flatMap((words) => [...words.keys()]);
const anyWord = fc.oneof(
  fc.constantFrom(...vocabulary),
  fc.constantFrom(...FUNCTION_WORDS, ...ASKING, ...PICTURES),
  fc.constantFrom(
    "stripes",
    "sleeves",
    "top",
    "not",
    "without",
    ",",
    "two",
    "leftmost",
    "kettle",
    "haired",
    "zwölf",
    "holding",
    "of",
    "from",
  ),
);

test("no word that narrows the question is dropped in silence", () => {
  fc.assert(
    fc.property(fc.array(anyWord, { minLength: 1, maxLength: 12 }), (words) => {
      const text = words.join(" ");
      let query: VisualQuery;
      try {
        query = parseVisualQuery(text);
      } catch (error) {
        expect(error).toMatchObject({ kind: "InputError" });
        return;
      }
      const kept = new Set(wordsOf(query));
      const asking = [...ASKING, ...ASKED_FOR, ...PICTURES, "couple", "pair"];
      const grammar = new Set([...FUNCTION_WORDS, ...asking, ",", "sleeves", "stripes", "two"]);
      // Nouns of one kind joined by "and" are told by their classes, colours that became a shade by theirs.
      const subjects =
        query.subject === undefined
          ? [...NOUNS.keys()].flatMap((noun) =>
              query.labels.some((label) => NOUNS.get(noun)?.labels.includes(label)) ? noun.split(" ") : [],
            )
          : [];
      for (const { word } of tokensOf(text)) {
        if (grammar.has(word) || SHADES.has(word) || subjects.includes(word)) continue;
        expect(kept, `${word} in "${text}"`).toContain(word);
      }
    }),
    { numRuns: 400 },
  );
});

test("any text at all is read or refused as input, in time that grows with its length", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 600, unit: "grapheme" }), (text) => {
      try {
        parseVisualQuery(text);
      } catch (error) {
        expect(error).toMatchObject({ kind: "InputError" });
      }
    }),
  );
});

test.each([
  ["the second largest dog", { by: "largest", nth: 2, words: "second largest" }],
  ["the person furthest to the left", { by: "left", nth: 1, words: "furthest to the left" }],
])("%s is one of several", (query, rank) => {
  expect(parseVisualQuery(query)).toMatchObject({ places: [{ kind: "rank", ...rank }], unjudged: [] });
});
