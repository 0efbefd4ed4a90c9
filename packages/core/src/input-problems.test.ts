import { expect, test } from "vitest";
import * as z from "zod";
import { parseInput } from "./task.ts";

const schema = z.object({
  images: z.array(z.string().min(1)).min(1).max(3),
  detail: z.enum(["brief", "standard"]).default("standard"),
  language: z.string().min(2).max(5).optional(),
  limit: z.int().min(1).max(100).default(20),
  deep: z.boolean().default(false),
});
const good = { images: ["/a.png"] };

test.each<[string, unknown, string]>([
  ["a field that is missing", {}, "images is missing"],
  ["a field that is not known", { ...good, detial: "brief", foo: 1 }, 'there is no field "detial" or "foo"'],
  ["one string where a list belongs", { images: "/a.png" }, "images must be a list"],
  ["a long string where a list belongs", { images: "/home/me/a.png" }, "images must be a list"],
  ["an empty list", { images: [] }, "images is empty"],
  ["too long a list", { images: ["a", "b", "c", "d"] }, "images must have at most 3 entries"],
  ["an entry of the wrong type", { images: ["/a.png", 5] }, "images[1] must be a string"],
  ["an empty entry", { images: [""] }, "images[0] is empty"],
  ["none of the choices", { ...good, detail: "long" }, "detail must be one of brief, standard"],
  ["too short a text", { ...good, language: "e" }, "language must have at least 2 characters"],
  ["too long a text", { ...good, language: "German" }, "language must have at most 5 characters"],
  ["too small a number", { ...good, limit: 0 }, "limit must be at least 1"],
  ["too large a number", { ...good, limit: 101 }, "limit must be at most 100"],
  ["a fraction", { ...good, limit: 1.5 }, "limit must be a whole number"],
  ["a text where a number belongs", { ...good, limit: "3" }, "limit must be a number"],
  ["a text where yes or no belongs", { ...good, deep: "yes" }, "deep must be true or false"],
  ["no object at all", null, "the input must be an object"],
  ["several", { detail: "long" }, "images is missing; detail must be one of brief, standard"],
])("says what is wrong: %s", (_, input, words) => {
  expect(() => parseInput("look", schema, input)).toThrow(
    expect.objectContaining({
      kind: "InputError",
      message: `look: ${words}.`,
      hint: "look takes images, detail, language, limit, deep.",
    }) as Error,
  );
});
