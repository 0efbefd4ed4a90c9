/** The calls of the soak: each knows what its answer must hold, so that a lost or crossed one shows. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { SAMPLES, type Calls, type CallResult } from "../mcp/connect.ts";

/** A picture that no other is like: its number is drawn on it, and its width says it again. */
export interface Ticket {
  readonly number: number;
  readonly width: number;
  readonly path: string;
}

/** Draws `count` tickets into `folder`. */
export async function drawTickets(folder: string, count: number): Promise<Ticket[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const ticket = { number: 412_003 + index * 7_919, width: 600 + index, path: path.join(folder, `ticket-${index}.png`) };
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${ticket.width}" height="160"><rect width="100%" height="100%" fill="white"/><text x="40" y="100" font-size="56" font-family="DejaVu Sans, sans-serif">TICKET ${ticket.number}</text></svg>`;
      await sharp(Buffer.from(svg)).png().toFile(ticket.path);
      return ticket;
    }),
  );
}

/** How one call is made; returns what is wrong with its answer, or undefined. */
export interface SoakCall {
  readonly kind: string;
  run(client: Calls, ticket: Ticket, signal: AbortSignal): Promise<string | undefined>;
}

/** Waits for the job where the answer is one. */
async function answerOf(client: Calls, tool: string, input: Record<string, unknown>, signal: AbortSignal): Promise<CallResult> {
  const first = await client.call(tool, input, { signal });
  if (first.isError || first.data?.job_id === undefined) return first;
  for (;;) {
    const job = await client.call("get_job", { job_id: first.data.job_id }, { signal });
    if (job.isError) return job;
    const { status, result, error } = job.data;
    if (status === "done") return { ...job, data: result };
    if (status !== "running" && status !== "queued") return { ...job, isError: true, text: `${error?.kind}: ${error?.message}` };
  }
}

function judge(answer: CallResult, right: (data: CallResult["data"]) => boolean): string | undefined {
  if (answer.isError) return answer.text;
  return right(answer.data) ? undefined : `another call's answer: ${JSON.stringify(answer.data).slice(0, 300)}`;
}

/** Of every twenty, one is heavy. */
export const CALLS: readonly { readonly weight: number; readonly call: (origin: string) => SoakCall }[] = [
  {
    weight: 6,
    call: () => ({
      kind: "extract_text",
      run: async (client, ticket, signal) =>
        judge(await answerOf(client, "extract_text", { document: ticket.path }, signal), ({ text }) =>
          text.includes(String(ticket.number)),
        ),
    }),
  },
  {
    weight: 5,
    call: () => ({
      kind: "ask_image",
      run: async (client, ticket, signal) =>
        judge(
          await answerOf(client, "ask_image", { images: [ticket.path], question: `Is ${ticket.number} on it?` }, signal),
          ({ answer }) => answer.includes(`(${ticket.width} x 160`) && answer.includes(`Is ${ticket.number} on it?`),
        ),
    }),
  },
  {
    weight: 3,
    call: () => ({
      kind: "describe_image, annotated",
      run: async (client, ticket, signal) =>
        judge(
          await answerOf(client, "describe_image", { image: ticket.path, annotate: true }, signal),
          ({ width }) => width === ticket.width,
        ),
    }),
  },
  {
    weight: 3,
    call: (origin) => ({
      kind: "upload, read, delete",
      async run(client, ticket, signal) {
        const sent = await fetch(`${origin}/files/ticket.png`, { method: "PUT", body: await readFile(ticket.path), signal });
        if (sent.status !== 201) return `PUT /files: ${sent.status} ${await sent.text()}`;
        const { file, id } = (await sent.json()) as { file: string; id: string };
        try {
          return judge(await answerOf(client, "extract_text", { document: file }, signal), ({ text }) =>
            text.includes(String(ticket.number)),
          );
        } finally {
          await fetch(`${origin}/files/${id}`, { method: "DELETE" });
        }
      },
    }),
  },
  {
    weight: 2,
    call: () => ({
      kind: "status",
      run: async (client, _, signal) =>
        judge(await client.call("status", {}, { signal }), ({ results_folder: folder }) => typeof folder === "string"),
    }),
  },
  {
    weight: 1,
    call: () => ({
      kind: "heavy",
      run: async (client, _, signal) =>
        judge(
          await answerOf(client, "extract_text", { document: path.join(SAMPLES, "receipt.png"), evidence: "boxes" }, signal),
          ({ text, pages }) => /harbour street/i.test(text) && pages[0].lines.length > 10,
        ),
    }),
  },
];
