import { pictureParts, textOf, type ChatRequest } from "../model/stand-in-rule.ts";

/** From when to when a thing is shown, seconds. */
export type Spans = readonly (readonly [start: number, end: number])[];

/**
 * The rule of a stand-in for a vision model that is asked about a video: it sees nothing, reads the frames' times in the question and looks
 * them up in a table of the truth. It answers about as many pictures as it was sent.
 */
export function truthTable(spans: Spans): (request: ChatRequest) => string {
  const isShown = (time: number): boolean => spans.some(([start, end]) => time >= start && time <= end);
  return (request) => {
    const question = textOf(request);
    const single = /one frame of a video, at ([\d.]+) s/.exec(question)?.[1];
    if (single !== undefined)
      return JSON.stringify({ shown: isShown(Number(single)), confidence: 0.9, description: `As the table says for ${single} s.` });
    return JSON.stringify({ frames: cellsOf(request).flatMap(({ number, time }) => (isShown(time) ? [number] : [])) });
  };
}

/** The frames that a question shows on sheets, as it lists them. */
export function cellsOf(request: ChatRequest): { number: number; time: number }[] {
  if (pictureParts(request).length === 0) return [];
  return [...textOf(request).matchAll(/#(\d+) at ([\d.]+) s/g)].map(([, number, time]) => ({ number: Number(number), time: Number(time) }));
}
