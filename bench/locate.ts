/**
 * `pnpm bench:locate`: whether locate_object boxes every person on the corpora's photographs, and points at the right one of them by the colours they wear:
 * with this machine's own eyes alone, and through a stand-in for Llama 3.2 Vision that names the number of a mark.
 *
 * The stand-in's rule: it knows the people of the photographs from left to right (bench/photos.ts) and which of them each question means, counts the lines
 * "n: person …" of the legend it is sent, and answers with the meant person's place in that row. It is right when the marks, their numbers and the legend are.
 *
 * Exit code 1 when a person is missed (IoU >= 0.5) or a question points at nobody or at somebody else.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { locateObject, openModel, runTask, type TaskContext } from "../packages/core/src/index.ts";
import { createHost, loadSettings } from "../packages/local/src/index.ts";
import { type Box, iou } from "../packages/core/src/page.ts";
import { systemClock } from "../packages/local/src/model/clock.ts";
import { createModelTransport } from "../packages/local/src/model/transport.ts";
import { textOf } from "../test/model/stand-in-rule.ts";
import { startStandInModel } from "../test/model/stand-in-server.ts";
import { PHOTOS } from "./photos.ts";
import { CORPORA } from "./receipts.ts";

/** By eye: who is meant, as their place in PHOTOS. */
const QUESTIONS: readonly { readonly photo: string; readonly query: string; readonly person: number }[] = [
  { photo: "bus.jpg", query: "Where is the man in the beige coat?", person: 0 },
  { photo: "bus.jpg", query: "Where is the man in the black coat and blue jeans?", person: 1 },
  { photo: "bus.jpg", query: "the person in a dark jacket on the right", person: 2 },
  { photo: "bus.jpg", query: "someone wearing a cream top and dark blue trousers", person: 0 },
  { photo: "person.jpg", query: "the person in the blue top", person: 0 },
  { photo: "person.jpg", query: "a rider in black trousers with brown boots", person: 0 },
];

const peopleOf = (photo: string): readonly Box[] => PHOTOS.find(({ name }) => name === photo)?.people ?? [];
const fileOf = (photo: string): string => path.join(CORPORA, "photos", photo);

/** Right when the surest box is the meant person's. */
async function points(context: TaskContext, { photo, query, person }: (typeof QUESTIONS)[number]): Promise<boolean> {
  const { objects } = await runTask(locateObject, { image: fileOf(photo), query }, context);
  const [best] = objects;
  const truth = peopleOf(photo)[person];
  return best !== undefined && truth !== undefined && iou(best.box, truth) >= 0.5;
}

async function measure(): Promise<boolean> {
  const host = createHost(await loadSettings({ flags: { allow: [path.join(CORPORA, "photos")], backend: "none" }, env: {} }));
  const context = await host.context({ signal: AbortSignal.timeout(300_000) });
  let kept = true;
  let [boxed, people, other] = [0, 0, 0];
  for (const photo of PHOTOS) {
    const { objects } = await runTask(locateObject, { image: fileOf(photo.name), query: "person" }, context);
    const found = photo.people.filter((person) => objects.some(({ box }) => iou(box, person) >= 0.5)).length;
    [boxed, people, other] = [boxed + found, people + photo.people.length, other + objects.length - found];
  }
  console.log(`people boxed, IoU >= 0.5: ${boxed} of ${people}, ${other} other boxes`);
  kept &&= boxed === people;

  let asked: (typeof QUESTIONS)[number] | undefined;
  const server = await startStandInModel({
    model: "llama3.2-vision:11b",
    mode: "verbatim",
    text: (request) => {
      const marks = textOf(request).match(/^\d+: person/gm) ?? [];
      const row = peopleOf(asked?.photo ?? "").toSorted((one, two) => one.x + one.width / 2 - two.x - two.width / 2);
      const meant = peopleOf(asked?.photo ?? "")[asked?.person ?? 0];
      return JSON.stringify({ numbers: marks.length === row.length && meant !== undefined ? [row.indexOf(meant) + 1] : [] });
    },
  });
  const model = openModel("openai-compatible", {
    baseUrl: server.baseUrl,
    model: server.model,
    transport: createModelTransport({ retries: 0 }),
    clock: systemClock,
  });
  const sums = { eyes: 0, marks: 0 };
  for (const question of QUESTIONS) {
    asked = question;
    const eyes = await points(context, question);
    const marks = await points({ ...context, model }, question);
    console.log(`${question.query.padEnd(52)} own eyes ${eyes ? "right" : "WRONG"}, by mark number ${marks ? "right" : "WRONG"}`);
    sums.eyes += Number(eyes);
    sums.marks += Number(marks);
  }
  console.log(`color questions: own eyes ${sums.eyes} of ${QUESTIONS.length}, by mark number ${sums.marks} of ${QUESTIONS.length}`);
  kept &&= sums.eyes === QUESTIONS.length && sums.marks === QUESTIONS.length;
  await server.close();
  await host.close();
  return kept;
}

if (!existsSync(path.join(CORPORA, "photos"))) {
  console.error(`bench:locate: no photographs at ${CORPORA}/photos: set SIGHTLINE_CORPORA to the folder of the corpora`);
  process.exitCode = 1;
} else if (!(await measure())) {
  console.error("bench:locate: somebody was missed, or pointed at in place of another");
  process.exitCode = 1;
}
