import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { startStandInModel, type StandInModel, type StandInOptions } from "../model/stand-in-server.ts";
import { connect, ERAS, SAMPLES, type Connection } from "./connect.ts";

const receipt = path.join(SAMPLES, "receipt.png");
const coffee = path.join(SAMPLES, "coffee.png");

async function withModel(
  options: StandInOptions,
  use: (server: Connection, model: StandInModel) => Promise<void>,
  era = ERAS[0],
): Promise<void> {
  const model = await startStandInModel(options);
  const server = await connect({
    ...(era === undefined ? {} : { era }),
    args: ["--backend", "openai-compatible", "--base-url", model.baseUrl, "--model", model.model, "--allow", SAMPLES],
  });
  try {
    await use(server, model);
  } finally {
    await server.close();
    await model.close();
  }
}

const chats = (model: StandInModel) => model.requests.filter(({ path: url }) => url.endsWith("/chat/completions"));

describe("with a model server", () => {
  it("describe_image passes on the model's description with the machine's own evidence", () =>
    withModel({}, async (server, model) => {
      const { isError, text, data } = await server.call("describe_image", { image: receipt });
      expect(isError, text).toBe(false);
      expect(data).toMatchObject({ source: "model", model: model.model, text: expect.stringMatching(/total/i) });
      expect(data.description).toContain("was sent 1 picture");
      expect(text).toContain(data.description);
      expect(chats(model)).toHaveLength(1);
    }));

  it("ask_image asks about several pictures", () =>
    withModel({}, async (server) => {
      const { isError, text, data } = await server.call("ask_image", { images: [receipt, coffee], question: "Which of them shows a cup?" });
      expect(isError, text).toBe(false);
      expect(data.answer).toMatch(/was sent [12] picture/);
      expect(text).toContain(data.answer);
    }));

  it("status says that it is ready", () =>
    withModel({}, async (server, model) => {
      const { data, text } = await server.call("status", {});
      expect(data.model).toMatchObject({ name: model.model, server: model.baseUrl, ready: true });
      expect(text).toContain(model.model);
    }));

  it.each([
    ["non-answer", /^AnswerError: /],
    ["server-error", /^ModelError: [\s\S]*out of memory/],
  ] as const)("a model that fails (%s) is an error, never a description", (mode, says) =>
    withModel({ mode }, async (server) => {
      const { isError, text, data } = await server.call("ask_image", { images: [coffee], question: "What is in the cup?" });
      expect(isError).toBe(true);
      expect(text).toMatch(says);
      expect(data).toBeUndefined();
    }),
  );

  it.each(ERAS)("a cancelled call cancels the request (%s)", (era) =>
    withModel(
      { mode: "silent" },
      async (server, model) => {
        const cancel = new AbortController();
        const outcome = server
          .call("ask_image", { images: [coffee], question: "What is in the cup?" }, { signal: cancel.signal })
          .catch((error: unknown) => error);
        await vi.waitFor(() => expect(chats(model)).toHaveLength(1), { timeout: 20_000, interval: 20 });
        cancel.abort();
        expect(await outcome).toBeInstanceOf(Error);
        expect(await chats(model)[0]?.end).toBe("aborted");
      },
      era,
    ),
  );
});
