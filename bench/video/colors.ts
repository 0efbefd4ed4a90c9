/** Whether a thing's color is told in a video: the corpora's bus, in its own blue and with its hues turned to red and to none, drives through the empty scene. */
import path from "node:path";
import { runTask, searchVideo, type TaskContext } from "../../packages/core/src/index.ts";
import { ffmpeg, X264 } from "../../test/video/make-video.ts";
import type { Promises } from "./promises.ts";

/** Where the bus is in its photograph, by the corpora's README and by eye. */
const BUS = "crop=770:517:20:236,scale=380:-2";
const PAINTS = { blue: "null", red: "hue=h=150", gray: "hue=s=0" };
const QUESTIONS = ["blue", "red", "green"];

/** `folder` holds a few seconds of the empty scene, scene.mp4. */
export async function thingColors(folder: string, photo: string, context: TaskContext, { report }: Promises): Promise<void> {
  let [right, asked] = [0, 0];
  const wrong: string[] = [];
  for (const [paint, filter] of Object.entries(PAINTS)) {
    const video = path.join(folder, `${paint}-bus.mp4`);
    const drive = `[1:v]${BUS},${filter}[bus];[0:v][bus]overlay=x='-400+(t-2)*170':y=120:enable='gte(t,2)'`;
    ffmpeg(
      ["-stream_loop", "3", "-i", "scene.mp4", "-loop", "1", "-i", photo, "-filter_complex", drive, "-t", "12", ...X264, video],
      folder,
    );
    for (const color of QUESTIONS) {
      const { matches } = await runTask(searchVideo, { video, query: `a ${color} bus` }, context);
      asked++;
      if (matches.length === (color === paint ? 1 : 0)) right++;
      else wrong.push(`"a ${color} bus" ${matches.length} times where it is ${paint}`);
    }
  }
  report(
    "colors of things without a model",
    right === asked,
    [`${right} of ${asked} questions about a bus are right`, ...wrong].join("; "),
  );
}
