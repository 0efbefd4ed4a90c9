import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import opentype from "opentype.js";
import sharp from "sharp";
import type { PageDrawing } from "./page.ts";

/**
 * Fonts from npm packages, drawn as outlines: the same page on every machine, whatever fonts it has.
 * Arimo, Tinos and Cousine are the designs of Liberation Sans, Serif and Mono (Arial, Times New Roman, Courier New).
 */
const FACES = {
  Arimo: ["@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf", "@expo-google-fonts/arimo/700Bold/Arimo_700Bold.ttf"],
  Tinos: ["@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf", "@expo-google-fonts/tinos/700Bold/Tinos_700Bold.ttf"],
  Cousine: ["@expo-google-fonts/cousine/400Regular/Cousine_400Regular.ttf", "@expo-google-fonts/cousine/700Bold/Cousine_700Bold.ttf"],
  Lato: ["@expo-google-fonts/lato/400Regular/Lato_400Regular.ttf", "@expo-google-fonts/lato/700Bold/Lato_700Bold.ttf"],
  Roboto: ["@expo-google-fonts/roboto/400Regular/Roboto_400Regular.ttf", "@expo-google-fonts/roboto/700Bold/Roboto_700Bold.ttf"],
  "EB Garamond": [
    "@expo-google-fonts/eb-garamond/400Regular/EBGaramond_400Regular.ttf",
    "@expo-google-fonts/eb-garamond/700Bold/EBGaramond_700Bold.ttf",
  ],
  "DejaVu Sans": ["dejavu-fonts-ttf/ttf/DejaVuSans.ttf", "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf"],
  "DejaVu Serif": ["dejavu-fonts-ttf/ttf/DejaVuSerif.ttf", "dejavu-fonts-ttf/ttf/DejaVuSerif-Bold.ttf"],
} as const;

export type Face = keyof typeof FACES;
export const FACE_NAMES = Object.keys(FACES) as readonly Face[];

const loaded = new Map<string, Promise<opentype.Font>>();

function loadFont(path: string): Promise<opentype.Font> {
  let font = loaded.get(path);
  if (font === undefined) {
    font = readFile(fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url))).then((file) =>
      opentype.parse(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength)),
    );
    loaded.set(path, font);
  }
  return font;
}

/** Written here because the library's own writer runs numbers together ("99" and a "-0.3" that rounds to 0 as "990"). */
function toPathData(path: opentype.Path): string {
  const number = (value: number): string => value.toFixed(2);
  return path.commands
    .map((command) => {
      switch (command.type) {
        case "Z":
          return "Z";
        case "M":
        case "L":
          return `${command.type}${number(command.x)} ${number(command.y)}`;
        case "Q":
          return `Q${number(command.x1)} ${number(command.y1)} ${number(command.x)} ${number(command.y)}`;
        case "C":
          return `C${number(command.x1)} ${number(command.y1)} ${number(command.x2)} ${number(command.y2)} ${number(command.x)} ${number(command.y)}`;
      }
    })
    .join("");
}

/** Glyph after glyph with kerning: the library's own text layout throws on substitutions that Roboto and EB Garamond have. */
function layOut(font: opentype.Font, text: string, size: number): { readonly width: number; draw(x: number, y: number): string } {
  const scale = size / font.unitsPerEm;
  const glyphs = [...text].map((character) => font.charToGlyph(character));
  const offsets: number[] = [];
  let width = 0;
  glyphs.forEach((glyph, i) => {
    if (i > 0) width += font.getKerningValue(glyphs[i - 1]!, glyph) * scale;
    offsets.push(width);
    width += (glyph.advanceWidth ?? 0) * scale;
  });
  return { width, draw: (x, y) => glyphs.map((glyph, i) => toPathData(glyph.getPath(x + offsets[i]!, y, size))).join("") };
}

/** The page as a PNG of an A4 sheet (210 x 297 mm) at a resolution. */
export async function renderPage(page: PageDrawing, face: Face, dpi: number): Promise<Buffer> {
  const [regular, bold] = await Promise.all(FACES[face].map(loadFont));
  const mm = dpi / 25.4;
  const gray = (value: number): string => `rgb(${value},${value},${value})`;
  const rules = page.rules.map(
    (rule) =>
      `<rect x="${rule.x * mm}" y="${rule.y * mm}" width="${rule.width * mm}" height="${rule.height * mm}" fill="${gray(rule.gray)}"/>`,
  );
  const texts = page.texts.map(({ x, y, text, size, anchor, bold: isBold, gray: tone }) => {
    const font = (isBold ? bold : regular)!;
    const line = layOut(font, text, (size / 72) * dpi);
    return `<path d="${line.draw(anchor === "end" ? x * mm - line.width : x * mm, y * mm)}" fill="${gray(tone)}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.round(210 * mm)}" height="${Math.round(297 * mm)}"><rect width="100%" height="100%" fill="white"/>${rules.join("")}${texts.join("")}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}
