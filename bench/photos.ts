import type { Box } from "../packages/core/src/page.ts";

export interface Photo {
  readonly name: string;
  readonly people: readonly Box[];
  readonly things: readonly string[];
}

/** The corpora's photographs. People by eye, from the corpora's README. */
export const PHOTOS: readonly Photo[] = [
  {
    name: "bus.jpg",
    people: [
      { x: 52, y: 398, width: 192, height: 500 },
      { x: 226, y: 405, width: 116, height: 455 },
      { x: 670, y: 395, width: 140, height: 487 },
      { x: 0, y: 552, width: 76, height: 320 },
    ],
    things: ["bus"],
  },
  { name: "person.jpg", people: [{ x: 188, y: 98, width: 88, height: 287 }], things: ["dog", "horse"] },
];
