import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { colorWords, nameColor } from "./color-name.ts";

const NAMES = ["black", "white", "gray", "red", "orange", "yellow", "green", "turquoise", "blue", "purple", "pink", "brown", "beige"];
const channel = fc.integer({ min: 0, max: 255 });

function words(hex: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return colorWords(nameColor(red, green, blue));
}

describe("CSS named colours and garment swatches", () => {
  test.each([
    ...[
      ["#000000", "black"],
      ["#191920", "black"],
      ["#404040", "dark gray"],
      ["#808080", "gray"],
      ["#c0c0c0", "light gray"],
      ["#ffffff", "white"],
      ["#f2efe9", "white"],
    ],
    ...[
      ["#ff0000", "red"],
      ["#dc143c", "red"],
      ["#8b0000", "dark red"],
      ["#6e142d", "dark red"],
      ["#fa8072", "pink"],
      ["#ffc0cb", "light pink"],
      ["#ff69b4", "pink"],
    ],
    ...[
      ["#ffa500", "orange"],
      ["#dc5a32", "orange"],
      ["#ffff00", "yellow"],
      ["#ffd700", "yellow"],
      ["#e1ad01", "yellow"],
      ["#ffffb4", "light yellow"],
    ],
    ...[
      ["#8b4513", "brown"],
      ["#3c2314", "dark brown"],
      ["#a05a32", "brown"],
      ["#d2b48c", "beige"],
      ["#f5f5dc", "beige"],
      ["#cdbea5", "beige"],
      ["#c19a6b", "light brown"],
    ],
    ...[
      ["#008000", "green"],
      ["#003c14", "dark green"],
      ["#556b2f", "green"],
      ["#90ee90", "light green"],
      ["#40e0d0", "turquoise"],
      ["#008080", "turquoise"],
    ],
    ...[
      ["#0000ff", "blue"],
      ["#4169e1", "blue"],
      ["#000080", "dark blue"],
      ["#20263e", "dark blue"],
      ["#87ceeb", "light blue"],
      ["#96afcd", "light blue"],
      ["#3c5078", "blue"],
    ],
    ...[
      ["#800080", "purple"],
      ["#8a2be2", "purple"],
      ["#c8b4e6", "light purple"],
      ["#ff00ff", "pink"],
    ],
  ] as [string, string][])("%s is %s", (hex, name) => {
    expect(words(hex)).toBe(name);
  });
});

test("every colour has one name, always the same", () => {
  fc.assert(
    fc.property(channel, channel, channel, (red, green, blue) => {
      const named = nameColor(red, green, blue);
      expect(NAMES).toContain(named.name);
      expect(nameColor(red, green, blue)).toEqual(named);
    }),
  );
});

test("greys are black, gray or white, and never get darker on the way up", () => {
  const order = ["black", "dark gray", "gray", "light gray", "white"];
  const ranks = Array.from({ length: 256 }, (_, value) => order.indexOf(colorWords(nameColor(value, value, value))));
  expect(ranks.every((rank) => rank >= 0)).toBe(true);
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  expect(new Set(ranks).size).toBe(order.length);
});

test("a camera's colour cast does not make a grey colourful", () => {
  fc.assert(
    fc.property(channel, fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 }), (value, red, blue) => {
      const clamp = (each: number): number => Math.min(255, Math.max(0, each));
      expect(["black", "gray", "white"]).toContain(nameColor(clamp(value + red), value, clamp(value + blue)).name);
    }),
  );
});

test("round the wheel of full colours the hues follow each other, none comes back", () => {
  const wheel: string[] = [];
  for (let hue = 0; hue < 360; hue++) {
    const at = (offset: number): number => {
      const k = (offset + hue / 60) % 6;
      return Math.round(255 * (1 - Math.max(0, Math.min(k, 4 - k, 1))));
    };
    const { name } = nameColor(at(5), at(3), at(1));
    if (wheel.at(-1) !== name) wheel.push(name);
  }
  expect(wheel).toEqual(["red", "orange", "yellow", "green", "turquoise", "blue", "purple", "pink", "red"]);
});
