import { describe, expect, it } from "vitest";
import { renamed, savedPictures } from "./saved-pictures.ts";

const id = (name: string, ending = "jpg") => `${name}-0123456789abcdef.${ending}`;
const address = (file: string) => `https://eyes.example/sightline/files/${encodeURIComponent(file)}`;

describe("pictures that a server saved", () => {
  it("become binary fields named after their places, those in lists numbered", () => {
    const frames = [id("door-6_20s"), id("Tür 23s")];
    const output = {
      annotated: address(id("bus", "png")),
      matches: frames.map((frame, start) => ({ start, frame: address(frame) })),
      warnings: ["none"],
    };
    const pictures = savedPictures(output);
    expect(pictures.map(({ field, id: kept }) => [field, kept])).toEqual([
      ["annotated", id("bus", "png")],
      ["frame_0", frames[0]],
      ["frame_1", frames[1]],
    ]);
    expect(renamed(output, new Map(pictures.map((each) => [each.address, each.field])))).toEqual({
      annotated: "annotated",
      matches: [
        { start: 0, frame: "frame_0" },
        { start: 1, frame: "frame_1" },
      ],
      warnings: ["none"],
    });
  });

  it.each([
    "https://shop.example/files/brochure.pdf",
    `see ${address(id("bus"))}`,
    `file:///files/${id("bus")}`,
    `https://eyes.example/files/${id("bus")}?key=1`,
    `https://eyes.example/photos/${id("bus")}`,
  ])("are not any other text: %s", (text) => {
    expect(savedPictures({ text, source: null, pages: [{ text }] })).toEqual([]);
  });
});
