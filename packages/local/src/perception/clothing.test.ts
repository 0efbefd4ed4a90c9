import type { Box } from "@sightline/core";
import { beforeAll, describe, expect, test } from "vitest";
import type { Pixels } from "../media/decode.ts";
import { sharp } from "../media/libvips.ts";
import { clothingOf } from "./clothing.ts";

interface Outfit {
  readonly shirt?: string;
  readonly sleeves?: string;
  readonly trousers?: string;
  readonly shoes?: string;
  readonly wall?: string;
}

const SKIN = "#d9a178";
const PERSON: Box = { x: 215, y: 55, width: 170, height: 660 };

const PATTERNS = `<defs>
  <pattern id="level" width="20" height="32" patternUnits="userSpaceOnUse"><rect width="20" height="32" fill="#f4f4f4"/><rect width="20" height="16" fill="#111"/></pattern>
  <pattern id="upright" width="24" height="20" patternUnits="userSpaceOnUse"><rect width="24" height="20" fill="#f4f4f4"/><rect width="12" height="20" fill="#c01020"/></pattern>
  <pattern id="slanted" width="24" height="24" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="24" height="24" fill="#f4f4f4"/><rect width="12" height="24" fill="#1030a0"/></pattern>
  <pattern id="checks" width="28" height="28" patternUnits="userSpaceOnUse"><rect width="28" height="28" fill="#d01818"/><rect width="14" height="14" fill="#111"/><rect x="14" y="14" width="14" height="14" fill="#111"/></pattern>
  <pattern id="dots" width="34" height="34" patternUnits="userSpaceOnUse"><rect width="34" height="34" fill="#203080"/><circle cx="9" cy="9" r="8" fill="#fff"/><circle cx="26" cy="26" r="8" fill="#fff"/></pattern>
  <linearGradient id="shade"><stop offset="0" stop-opacity=".4"/><stop offset=".5" stop-opacity="0"/><stop offset="1" stop-opacity=".25"/></linearGradient>
</defs>`;

/** A standing figure before a wall, in soft light from the front, as a camera would take it: JPEG and noise. */
async function photograph({
  shirt = "#222",
  sleeves = shirt,
  trousers = "#27408b",
  shoes = "#5a3a22",
  wall = "#b9c4b0",
}: Outfit): Promise<Pixels> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="800">${PATTERNS}
    <rect width="600" height="800" fill="${wall}"/><rect y="640" width="600" height="160" fill="#8d8474"/>
    <ellipse cx="300" cy="110" rx="38" ry="48" fill="${SKIN}"/><path d="M262 100Q300 30 338 100V80Q300 40 262 80Z" fill="#3a2416"/>
    <g fill="${sleeves}"><rect x="222" y="165" width="44" height="230" rx="20"/><rect x="334" y="165" width="44" height="230" rx="20"/></g>
    <circle cx="244" cy="400" r="18" fill="${SKIN}"/><circle cx="356" cy="400" r="18" fill="${SKIN}"/>
    <rect x="248" y="160" width="104" height="230" rx="18" fill="${shirt}"/><rect x="248" y="160" width="104" height="230" rx="18" fill="url(#shade)"/>
    <g fill="${trousers}"><rect x="252" y="385" width="46" height="300"/><rect x="302" y="385" width="46" height="300"/></g><rect x="252" y="385" width="96" height="300" fill="url(#shade)"/>
    <g fill="${shoes}"><rect x="240" y="680" width="58" height="32" rx="8"/><rect x="302" y="680" width="58" height="32" rx="8"/></g></svg>`;
  const jpeg = await sharp(Buffer.from(svg)).jpeg({ quality: 80 }).toBuffer();
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  let seed = 1;
  for (let at = 0; at < data.length; at++) {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    data[at] = Math.min(255, Math.max(0, (data[at] ?? 0) + ((seed >> 16) % 17) - 8));
  }
  const size = { width: info.width, height: info.height };
  return { data, ...size, original: size, warnings: [] };
}

describe("a standing figure", () => {
  test.each<[string, Outfit, object]>([
    ["black and white striped top", { shirt: "url(#level)" }, { upper: { colors: ["black", "white"], pattern: "striped" } }],
    [
      "black shirt with green sleeves",
      { shirt: "#1a1a1a", sleeves: "#2a8a3a" },
      { upper: { colors: ["black"], pattern: "plain", sleeves: ["green"] } },
    ],
    ["upright stripes", { shirt: "url(#upright)" }, { upper: { pattern: "striped" } }],
    ["slanted stripes", { shirt: "url(#slanted)" }, { upper: { pattern: "striped" } }],
    ["checks", { shirt: "url(#checks)" }, { upper: { colors: expect.arrayContaining(["black"]), pattern: "checked" } }],
    ["dots", { shirt: "url(#dots)" }, { upper: { colors: expect.arrayContaining(["dark blue"]), pattern: "patterned" } }],
    [
      "all plain",
      {},
      { upper: { colors: ["black"], pattern: "plain" }, lower: { colors: ["dark blue"], pattern: "plain" }, feet: { colors: ["brown"] } },
    ],
    ["red before a beige wall", { shirt: "#c02020", wall: "#c8b090" }, { upper: { colors: ["red"], pattern: "plain" } }],
    ["navy before a dark wall", { shirt: "#1b2440", wall: "#2a2a2e" }, { upper: { colors: ["dark blue"] } }],
    [
      "light blue and beige",
      { shirt: "#9cc3e6", trousers: "#d8c8aa" },
      { upper: { colors: ["light blue"] }, lower: { colors: ["beige"] } },
    ],
  ])("%s", async (_, outfit, worn) => {
    expect(clothingOf(await photograph(outfit), PERSON, [])).toMatchObject(worn);
  });

  test("bare arms are no sleeves", async () => {
    const { upper } = clothingOf(await photograph({ shirt: "#8a1030", sleeves: SKIN }), PERSON, []);
    expect(upper?.sleeves).toBeUndefined();
  });

  test("sleeves like the body are not told", async () => {
    const { upper } = clothingOf(await photograph({ shirt: "#2a8a3a" }), PERSON, []);
    expect(upper).toMatchObject({ colors: ["green"] });
    expect(upper?.sleeves).toBeUndefined();
  });
});

describe("what cannot be seen is left out", () => {
  let pixels: Pixels;
  beforeAll(async () => {
    pixels = await photograph({});
  });

  test("a person of thirty pixels", () => {
    expect(clothingOf(pixels, { x: 300, y: 100, width: 12, height: 30 }, [])).toEqual({});
  });

  test("who stands behind somebody else", () => {
    expect(clothingOf(pixels, PERSON, [{ x: 150, y: 60, width: 300, height: 700 }])).toEqual({});
  });

  test("shoes of a person cut off at the lower edge", async () => {
    const cut = { ...pixels, height: 500, data: pixels.data.subarray(0, 500 * pixels.width * 3), original: { width: 600, height: 500 } };
    const { upper, feet } = clothingOf(cut, { ...PERSON, height: 445 }, []);
    expect(upper).toBeDefined();
    expect(feet).toBeUndefined();
  });
});
