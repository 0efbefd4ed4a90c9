import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Clothing } from "../ports.ts";
import { colorLikeness } from "./color-likeness.ts";
import { matchObject, selectObjects, type SeenObject, type SeenPicture } from "./match-object.ts";
import { parseVisualQuery } from "./parse-visual-query.ts";

const PICTURE: SeenPicture = { width: 900, height: 600, objects: [] };
const person = (clothing: Clothing, x = 400): SeenObject => ({
  label: "person",
  box: { x, y: 100, width: 100, height: 400 },
  confidence: 0.9,
  clothing,
});
const match = (query: string, clothing: Clothing) => matchObject(parseVisualQuery(query), person(clothing), PICTURE);

describe("clothing", () => {
  const black: Clothing = { upper: { colors: ["black"], pattern: "plain" }, lower: { colors: ["black"], pattern: "plain" } };

  test.each<[string, Clothing, boolean]>([
    ["person dressed in black", black, true],
    ["person dressed in black", { ...black, upper: { colors: ["brown", "black"] } }, true],
    ["person dressed in black", { upper: { colors: ["black"] }, lower: { colors: ["light blue"] } }, true],
    ["person dressed in black", { upper: { colors: ["gray"] }, lower: { colors: ["black"] } }, false],
    ["person in a red top", black, false],
    ["woman in the black and white striped top", { upper: { colors: ["white", "black"], pattern: "striped" } }, true],
    ["woman in the black and white striped top", { upper: { colors: ["white", "black"] } }, true],
    ["woman in the black and white striped top", { upper: { colors: ["white", "black"], pattern: "checked" } }, false],
    ["woman in the black and white striped top", { upper: { colors: ["black"], pattern: "striped" } }, false],
    ["man in light blue jeans", { lower: { colors: ["blue"] } }, true],
    ["man in light blue jeans", { lower: { colors: ["dark blue"] } }, false],
    ["anyone in something red", { upper: { colors: ["white"] }, lower: { colors: ["red"] } }, true],
    ["anyone in something red", { upper: { colors: ["white"] }, lower: { colors: ["blue"] } }, false],
    ["man in a red or blue top", { upper: { colors: ["blue"] } }, true],
    ["man in a red or blue top", { upper: { colors: ["green"] } }, false],
    ["black shirt with green sleeves", { upper: { colors: ["black"], sleeves: ["green"] } }, true],
    ["black shirt with green sleeves", { upper: { colors: ["black"] } }, false],
    ["black shirt with black sleeves", { upper: { colors: ["black"] } }, true],
    ["someone in dark clothes", { upper: { colors: ["dark red"] } }, true],
    ["someone in dark clothes", { upper: { colors: ["red"] } }, false],
  ])("%s: %j is %s", (query, clothing, matches) => {
    expect(match(query, clothing).matches).toBe(matches);
  });

  test("what is hidden is said, and lowers the score", () => {
    const whole = match("white shirt and blue jeans", { upper: { colors: ["white"] }, lower: { colors: ["blue"] } });
    const part = match("white shirt and blue jeans", { upper: { colors: ["white"] } });
    expect(whole).toEqual({ matches: true, score: 1, unseen: [], against: [] });
    expect(part).toMatchObject({ matches: true, unseen: ["blue jeans"] });
    expect(part.score).toBeLessThan(whole.score);
  });

  test("nobody matches clothes of which nothing is seen", () => {
    expect(match("a person in red", {})).toMatchObject({ matches: false, unseen: ["red"], against: [] });
  });

  test("what speaks against is told in the query's words", () => {
    expect(match("white shirt and blue jeans", { upper: { colors: ["white"] }, lower: { colors: ["green"] } }).against).toEqual([
      "blue jeans",
    ]);
  });
});

test("a thing of two colors has both, or either where the question says or", () => {
  const car: SeenObject = { label: "car", box: { x: 0, y: 0, width: 100, height: 60 }, confidence: 0.9, colors: ["blue"] };
  expect(matchObject(parseVisualQuery("a red or blue car"), car, PICTURE).matches).toBe(true);
  expect(matchObject(parseVisualQuery("a red and blue car"), car, PICTURE).matches).toBe(false);
});

describe("places and companions", () => {
  const at = (x: number, width = 100): SeenObject => ({ label: "dog", box: { x, y: 300, width, height: 100 }, confidence: 0.8 });
  const dogs = [at(50), at(400, 150), at(780)];
  const found = (query: string, objects: readonly SeenObject[] = dogs) =>
    selectObjects(parseVisualQuery(query), objects, { ...PICTURE, objects }).map(({ object }) => object.box.x);

  test.each([
    ["the dog on the left", [50]],
    ["the dog in the middle", [400]],
    ["the rightmost dog", [780]],
    ["second dog from the left", [400]],
    ["third dog from the right", [50]],
    ["fifth dog from the left", []],
    ["the largest dog", [400]],
    ["a cat", []],
  ])("%s", (query, boxes) => {
    expect(found(query)).toEqual(boxes);
  });

  test("a companion stands near", () => {
    const bicycle: SeenObject = { label: "bicycle", box: { x: 130, y: 280, width: 80, height: 120 }, confidence: 0.7 };
    expect(found("the dog with a bicycle", [...dogs, bicycle])).toEqual([50]);
  });
});

const colors = fc.constantFrom(
  "black",
  "white",
  "gray",
  "red",
  "orange",
  "yellow",
  "green",
  "turquoise",
  "blue",
  "purple",
  "pink",
  "brown",
  "beige",
);
const garment = fc.record({ colors: fc.uniqueArray(colors, { minLength: 1, maxLength: 3 }) });
const clothing = fc.record({ upper: garment, lower: garment, feet: garment }, { requiredKeys: [] });

test("every colour is itself, in its own words", () => {
  fc.assert(
    fc.property(colors, fc.constantFrom("", "light ", "dark "), (name, shade) => {
      const [wanted] = parseVisualQuery(`person in a ${shade}${name} top`).garments[0]?.colors ?? [];
      expect(wanted && colorLikeness(wanted, `${shade}${name}`)).toBe(1);
    }),
  );
});

test("a person matches what they wear; taking a garment away never raises the score", () => {
  fc.assert(
    fc.property(clothing, fc.constantFrom("upper" as const, "lower" as const, "feet" as const), (worn, part) => {
      const names = { upper: "top", lower: "bottoms", feet: "shoes" };
      const parts = (["upper", "lower", "feet"] as const).flatMap((each) =>
        worn[each] === undefined ? [] : [`${worn[each].colors.join(" and ")} ${names[each]}`],
      );
      if (parts.length === 0) return;
      const query = `a person with ${parts.join(", a ")}`;
      expect(match(query, worn)).toEqual({ matches: true, score: 1, unseen: [], against: [] });
      const { [part]: _, ...less } = worn;
      const fewer = match(query, less);
      expect(fewer.score).toBeLessThanOrEqual(1);
      expect(fewer.against).toEqual([]);
      if (Object.keys(less).length === 0) expect(fewer.matches).toBe(false);
    }),
  );
});

test("scores lie between 0 and 1 whatever is worn and asked for", () => {
  fc.assert(
    fc.property(clothing, clothing, fc.constantFrom("", "striped ", "plain "), (worn, asked, pattern) => {
      const query = `a person in a ${pattern}${asked.upper?.colors.join(" and ") ?? "red"} top and ${asked.lower?.colors.join(" or ") ?? "blue"} jeans`;
      const { score, matches, against, unseen } = match(query, worn);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      if (matches) expect(against).toEqual([]);
      expect(unseen.filter((words) => against.includes(words))).toEqual([]);
    }),
  );
});
