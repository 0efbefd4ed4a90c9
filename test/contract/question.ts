import { type ModelRequest, parseJsonAnswer, type VisionModel, type AskOptions, type ModelAnswer } from "@sightline/core";
import { expect } from "vitest";
import * as z from "zod";
import { WHITE_PIXEL } from "../model/pictures.ts";
import { RIGHT_KEY, type Running, WRONG_KEY } from "./subjects.ts";

export const question: ModelRequest = { prompt: "What is on the picture?", images: [WHITE_PIXEL], maxTokens: 300, temperature: 0 };

const scene = z.strictObject({ kind: z.enum(["a photo of a place", "a page of a document"]), people: z.boolean() });
const description = z.strictObject({ description: z.string() });

/** A question whose answer is JSON, in several pieces, and short: even a model of random weights comes to its end. */
export const inJson: ModelRequest = { ...question, schema: { name: "scene", schema: z.toJSONSchema(scene) } };

/** A question whose answer is words in JSON. */
export const described: ModelRequest = { ...question, schema: { name: "description", schema: z.toJSONSchema(description) } };

export function expectScene({ text, finish }: ModelAnswer): void {
  expect(parseJsonAnswer(text, scene)).toBeDefined();
  expect(finish).toBe("stop");
}

export function expectDescription({ text }: ModelAnswer): void {
  expect(parseJsonAnswer(text, description)).toBeDefined();
}

/** The answer, and each state of it on the way. */
export async function watched(model: VisionModel, request: ModelRequest, options: AskOptions = {}) {
  const grown: string[] = [];
  const answer = await model.ask(request, { ...options, onText: (soFar) => grown.push(soFar) });
  return { answer, grown };
}

export interface Failure {
  readonly kind: string;
  readonly message: string;
  readonly hint: string;
  readonly status?: number;
  readonly retryable?: boolean;
  readonly retryAfterSeconds?: number;
}

/** How asking fails: with one error of the four that says what to do next and shows no key. */
export async function failure(asking: Promise<ModelAnswer>): Promise<Failure> {
  const error = await asking.then(
    (answer) => expect.fail(`answered: ${JSON.stringify(answer)}`),
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({
    kind: expect.stringMatching(/^(?:InputError|SetupError|ModelError)$/) as string,
    message: expect.any(String) as string,
    hint: expect.any(String) as string,
  });
  const shown = JSON.stringify(error, Object.getOwnPropertyNames(error));
  for (const key of [RIGHT_KEY, WRONG_KEY]) expect(shown).not.toContain(key);
  return error as Failure;
}

/** How the question fails, which is asked once and no more. */
export async function failsOnce(server: Running, request = question): Promise<Failure> {
  const failed = await failure(server.open().ask(request));
  expect(server.chats).toHaveLength(1);
  return failed;
}
