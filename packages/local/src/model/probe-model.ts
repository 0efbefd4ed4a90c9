import { checkAnswer, isSightlineError, type CallOptions, type Clock, type VisionModel } from "@sightline/core";
import { probePicture } from "./probe-picture.ts";
import { TooSlow, within } from "./within.ts";

/** What a model made of a tiny picture. */
export type ProbeResult =
  | { readonly ok: true; readonly seconds: number; readonly answer: string }
  | { readonly ok: false; readonly seconds: number; readonly problem: string; readonly command: string };

/** How long somebody who asked for a diagnosis waits, in ms. */
const PATIENCE = 30_000;

/** Room for a model that cannot be kept from thinking first. */
const ANSWER_TOKENS = 256;

/** As much of the answer as is shown, in characters. */
const LONGEST_SHOWN = 120;

/** Asks the model about a tiny picture: any words that are no refusal will do, since a small model may well be wrong about it. Throws only when cancelled. */
export async function probeModel(
  model: VisionModel,
  { clock, signal, onWait }: CallOptions & { readonly clock: Clock; readonly onWait?: ((message: string) => void) | undefined },
): Promise<ProbeResult> {
  const began = clock.now();
  const seconds = (): number => Math.round((clock.now() - began) / 100) / 10;
  const request = {
    prompt: "Which colors does this picture show? Answer in a few words.",
    images: [probePicture()],
    maxTokens: ANSWER_TOKENS,
    temperature: 0,
    stream: model.parameters.stream,
  };
  try {
    const answer = await within(PATIENCE, { clock, signal }, (soon) => model.ask(request, { signal: soon, onWait }));
    const problem = checkAnswer(answer, request);
    const words = answer.text.replaceAll(/\s+/g, " ").trim();
    // Rambling is no sign of blindness.
    if (problem === undefined || (words !== "" && (problem.kind === "cut-off" || problem.kind === "loop")))
      return { ok: true, seconds: seconds(), answer: words.length > LONGEST_SHOWN ? `${words.slice(0, LONGEST_SHOWN)}…` : words };
    return {
      ok: false,
      seconds: seconds(),
      problem: `${model.id} was asked about a tiny picture, and its answer ${problem.words}`,
      command: "Choose a model that sees with --model (SIGHTLINE_MODEL).",
    };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof TooSlow) {
      return {
        ok: false,
        seconds: seconds(),
        problem: `${model.id} did not answer a question about a tiny picture within ${PATIENCE / 1000} s: is it still loading?`,
        command:
          "A large model takes minutes to load: look into the server's log, and run `sightline status` again then; or choose a smaller model with --model (SIGHTLINE_MODEL).",
      };
    }
    if (!isSightlineError(error)) throw error;
    return {
      ok: false,
      seconds: seconds(),
      problem: error.message.replace(/\.$/, ""),
      command: error.hint ?? "Look into the server's log.",
    };
  }
}
