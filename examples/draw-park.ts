/** Draws the sample of two people in a park: `pnpm exec tsx examples/draw-park.ts`. The result is committed. */
import { writeFile } from "node:fs/promises";
import { drawPark, type Figure } from "./draw-people.ts";

const people: readonly Figure[] = [
  {
    x: 360,
    y: 190,
    height: 660,
    skin: "#e2ac86",
    hair: "#4a2e1a",
    longHair: true,
    top: "url(#stripes)",
    trousers: "#23262d",
    shoes: "#7a1f22",
  },
  { x: 820, y: 160, height: 690, skin: "#c98f68", hair: "#2a1d14", longHair: false, top: "#f4f4f1", trousers: "#8fb4d8", shoes: "#f2f2ef" },
];

await writeFile(new URL("samples/park.jpg", import.meta.url), await drawPark(people));
