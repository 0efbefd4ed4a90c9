import { strict as assert } from "node:assert";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { runTask, searchVideo } from "@sightline/core";
import { ffmpeg, X264 } from "../../test/video/make-video.ts";
import { truthTable, type Spans } from "../../test/video/truth-table.ts";
import { drawPark, type Figure } from "../draw-people.ts";
import type { Prompt } from "./prompt.ts";

const WOMAN: Figure = {
  x: 360,
  y: 190,
  height: 660,
  skin: "#e2ac86",
  hair: "#4a2e1a",
  longHair: true,
  top: "#c8202b",
  trousers: "#2f5fa8",
  shoes: "#f2f2ef",
};
const MAN: Figure = {
  x: 820,
  y: 160,
  height: 690,
  skin: "#c98f68",
  hair: "#2a1d14",
  longHair: false,
  top: "#15161a",
  sleeves: "#2f8f3e",
  trousers: "#2f5fa8",
  shoes: "#f2f2ef",
};

/** Who is in the park, one after the other, and for how many seconds. */
const SCENES: readonly { readonly people: readonly Figure[]; readonly seconds: number }[] = [
  { people: [], seconds: 3 },
  { people: [WOMAN], seconds: 3 },
  { people: [], seconds: 3 },
  { people: [MAN], seconds: 3 },
  { people: [], seconds: 2 },
];

/** Makes the video `park.mp4` in `folder`. */
export async function makeParkVideo(folder: string): Promise<void> {
  const inputs: string[] = [];
  for (const [index, { people, seconds }] of SCENES.entries()) {
    await writeFile(path.join(folder, `${index}.jpg`), await drawPark(people));
    inputs.push("-loop", "1", "-framerate", "10", "-t", String(seconds), "-i", `${index}.jpg`);
  }
  const joined = `concat=n=${SCENES.length}:v=1`;
  ffmpeg([...inputs, "-filter_complex", joined, ...X264, "-g", "20", "park.mp4"], folder);
}

/** A question for when somebody is there, up to the last frame that shows them: the query is the prompt itself. */
function whenIs(words: string, shown: Spans[number]): Prompt {
  return {
    words,
    file: "park.mp4",
    async answer(video, query, context) {
      const output = await runTask(searchVideo, { video, query }, context);
      const [match, ...more] = output.matches;
      assert.deepEqual(more, []);
      assert.ok(match !== undefined && Math.abs(match.start - shown[0]) <= 0.5 && Math.abs(match.end - shown[1]) <= 0.5);
      return searchVideo.render(output);
    },
    // It looks the frames' times up in what was drawn.
    standIn: truthTable([shown]),
  };
}

export const videoPrompts: readonly Prompt[] = [
  whenIs("A woman wearing a red top and blue jeans", [3, 5.95]),
  whenIs("A short-haired man wearing blue jeans and a black shirt with green sleeves", [9, 11.95]),
];
