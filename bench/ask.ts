/**
 * What a question costs beside the model: a VisionModel call on a prepared picture, and the very same body sent with a bare fetch, in turns, over a
 * server in a process of its own that answers at once.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { openModel, type ModelRequest } from "../packages/core/src/index.ts";
import { systemClock } from "../packages/local/src/model/clock.ts";
import { createModelTransport } from "../packages/local/src/model/transport.ts";

const ROUNDS = 400;
const WARM_UP = 60;

/** What a 1120-pixel JPEG of a street takes, bytes. */
const PICTURE_BYTES = 180_000;

/** A stand-in for a model server. Its rule: whatever it is asked, it streams the same ten words. */
const SERVER = `
const { createServer } = require("node:http");
const event = (data) => "data: " + JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 0, model: "instant", ...data }) + "\\n\\n";
const words = "A red bus stops at a corner in the rain.".split(" ");
const answer = [
  ...words.map((content) => event({ choices: [{ index: 0, delta: { content: content + " " }, finish_reason: null }] })),
  event({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }),
  event({ choices: [], usage: { prompt_tokens: 1000, completion_tokens: 10, total_tokens: 1010 } }),
  "data: [DONE]\\n\\n",
].join("");
const server = createServer((request, response) => {
  request.on("data", () => {});
  request.on("end", () => response.writeHead(200, { "content-type": "text/event-stream" }).end(answer));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

interface AskFigures {
  /** Medians, ms. */
  readonly ask: number;
  readonly fetch: number;
  readonly ratio: number;
  readonly more: number;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

export async function measureAsk(): Promise<AskFigures> {
  const server = spawn(process.execPath, ["-e", SERVER], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [port] = (await once(server.stdout, "data")) as [Buffer];
    const baseUrl = `http://127.0.0.1:${port.toString().trim()}/v1`;
    const request: ModelRequest = {
      prompt: "Describe this picture in three to five sentences.",
      images: [{ bytes: randomBytes(PICTURE_BYTES), mediaType: "image/jpeg", width: 1120, height: 840 }],
      maxTokens: 800,
      temperature: 0,
    };
    let body: NonNullable<RequestInit["body"]> = "";
    const transport = createModelTransport({ clock: systemClock });
    const spied = openModel("openai-compatible", {
      baseUrl,
      model: "instant",
      clock: systemClock,
      transport: (url, init) => {
        body = init?.body ?? "";
        return transport(url, init);
      },
    });
    await spied.ask(request);
    const model = openModel("openai-compatible", { baseUrl, model: "instant", transport, clock: systemClock });
    const ask = async (): Promise<unknown> => model.ask(request);
    const bare = async (): Promise<unknown> =>
      (await fetch(`${baseUrl}/chat/completions`, { method: "POST", headers: { "content-type": "application/json" }, body })).text();

    const times: Record<"ask" | "fetch", number[]> = { ask: [], fetch: [] };
    for (let round = 0; round < WARM_UP + ROUNDS; round++) {
      for (const [name, run] of [
        ["ask", ask],
        ["fetch", bare],
      ] as const) {
        const started = performance.now();
        await run();
        if (round >= WARM_UP) times[name].push(performance.now() - started);
      }
    }
    const [asked, fetched] = [median(times.ask), median(times.fetch)];
    return { ask: asked, fetch: fetched, ratio: asked / fetched, more: asked - fetched };
  } finally {
    server.kill();
  }
}

export function describeAsk({ ask, fetch, ratio, more }: AskFigures): string {
  return `a question on a prepared picture: ${ask.toFixed(2)} ms, the same body with a bare fetch: ${fetch.toFixed(2)} ms; ratio ${ratio.toFixed(2)} (bound 1.30), ${more.toFixed(2)} ms more (bound 2.00)`;
}
