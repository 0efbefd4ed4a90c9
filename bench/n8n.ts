/**
 * `pnpm bench:n8n`: many items in a real n8n, each a picture asked about at a server that answers after 200 ms, eight at a time. Printed: how long 100 items take, against
 * the same requests sent by a bare loop of `fetch`, and how much memory n8n's process holds after 100 items and after 400. Ends with exit code 1 when 100 items take
 * over 4 s, or when 400 items leave more than a tenth more memory than 100 do.
 */
import { readFile } from "node:fs/promises";
import { startStandInModel } from "../test/model/stand-in-server.ts";
import { webhookFlow } from "../test/n8n/flows.ts";
import { connectN8n, startN8n } from "../test/n8n/n8n.ts";
import { sample } from "../test/tasks/model-context.ts";

const DELAY_MS = 200;
const AT_ONCE = 8;
/** Most that 100 items may take, in ms. */
const BOUND_MS = 4_000;
const KEY = "sk-bench-0123456789";
const WAY = "sightlineModelApi";

/** As many items as the webhook's query says, each with the picture. */
const CODE =
  "return Array.from({ length: Number($input.first().json.query.n) }, (_, index) => ({ json: { index }, binary: $input.first().binary }))";

/** How long 100 such requests take, as many at a time, from a program that does nothing else. */
async function bareMs(body: string): Promise<number> {
  const began = performance.now();
  let left = 100;
  const ask = async (): Promise<void> => {
    while (left-- > 0) {
      const response = await fetch(`${model.baseUrl}/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${KEY}` },
        body,
      });
      if (!response.ok) throw new Error(`the stand-in refuses a bare request: HTTP ${response.status}`);
      await response.text();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return Math.round(performance.now() - began);
}

interface Measured {
  readonly ms: number;
  /** Of n8n's process afterwards. */
  readonly megabytes: number;
}

const facts = await startN8n();
const model = await startStandInModel({ delayMs: DELAY_MS, apiKey: KEY });
try {
  const n8n = connectN8n(facts);
  const credential = await n8n.credential("bench", WAY, { provider: "openai-compatible", baseUrl: model.baseUrl, apiKey: KEY });
  const flow = webhookFlow({
    webhook: "bench",
    way: WAY,
    does: "image:ask",
    parameters: { question: "={{ 'Picture number ' + $json.index }}" },
    options: { concurrency: AT_ONCE },
    code: CODE,
  });
  const id = await n8n.workflow(flow, { [WAY]: credential });
  const picture = { name: "coffee.png", type: "image/png", bytes: await readFile(sample("coffee.png")) };
  let last = 0;
  const measure = async (items: number): Promise<Measured> => {
    await n8n.post(`bench?n=${items}`, { data: picture });
    const execution = await n8n.execution(id, last);
    last = execution.id;
    const done = execution.outputs("Sightline")[0]?.length;
    if (done !== items) throw new Error(`${String(done)} of ${items} items came out: ${execution.error?.message ?? execution.status}`);
    const status = await readFile(`/proc/${facts.pid}/status`, "utf8");
    return { ms: execution.runMs("Sightline"), megabytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024 };
  };

  await measure(100);
  const runs = [await measure(100), await measure(100), await measure(100)];
  const many = [await measure(400), await measure(400)];
  const bare = await bareMs(JSON.stringify(model.requests.at(-1)?.body));
  const ms = runs.map((run) => run.ms).toSorted((a, b) => a - b)[1] ?? Infinity;
  const [few = Infinity, more = Infinity] = [runs, many].map((each) => each.at(-1)?.megabytes);
  console.log(
    `100 items at ${DELAY_MS} ms, ${AT_ONCE} at a time: ${ms} ms (median of 3), ${(ms / bare).toFixed(2)} times the ${bare} ms of bare requests`,
  );
  console.log(`400 items: ${many.map((run) => `${run.ms} ms`).join(", ")}`);
  console.log(`n8n's process after 100 items ${few.toFixed(0)} MB, after 400 ${more.toFixed(0)} MB`);
  if (ms > BOUND_MS || more > 1.1 * few) {
    console.error("bench: a bound was missed");
    process.exitCode = 1;
  }
} finally {
  await facts.close();
  await model.close();
}
