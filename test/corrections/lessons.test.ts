import { lessonsOf, type Lessons, type Task, type TaskContext, tasks } from "@sightline/core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { billPdf, billsPdf } from "../documents/invoice-pdf.ts";
import { closeEyes, sample, startModelContext } from "../tasks/model-context.ts";

/** What each task teaches: the question it puts, with the reply that leads it to the answer a person said is right. */

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
afterAll(closeEyes);

const LLAMA = { id: "meta-llama/Llama-3.2-11B-Vision-Instruct", contextTokens: 8192 };

async function teach(
  name: string,
  input: object,
  correct: Readonly<Record<string, unknown>>,
  change: (context: TaskContext) => TaskContext = (context) => context,
): Promise<Lessons> {
  const made = await startModelContext();
  open.push(() => made.close());
  const task = tasks.find((each) => each.name === name) as Task;
  const taught = await lessonsOf(task, { input, correct, pupil: LLAMA }, change(made.context));
  // The teacher stands in for the model: no server is asked.
  expect(made.server.requests).toEqual([]);
  return taught;
}

const replies = ({ lessons }: Lessons): unknown[] => lessons.map(({ reply }) => JSON.parse(reply) as unknown);
const asPdf = (bytes: Uint8Array): string => `data:application/pdf;base64,${Buffer.from(bytes).toString("base64")}`;

/** Documents whose text layers are not read, as scans have none. */
const scanned = (context: TaskContext): TaskContext => ({
  ...context,
  documents: {
    async open(file, options) {
      const document = await context.documents.open(file, options);
      return { ...document, textLayer: async (page, call) => ({ ...(await document.textLayer(page, call)), lines: [], legible: false }) };
    },
  },
});

describe("lessons", () => {
  it("of a description, in one question about the picture", async () => {
    const answer = { description: "A white cup of coffee.", alt_text: "Cup of coffee", kind: "photo" };
    const taught = await teach(
      "describe_image",
      { image: sample("coffee.png"), annotate: true },
      { ...answer, width: 600, height: 400, source: "model", warnings: [] },
    );
    expect(replies(taught)).toEqual([answer]);
    expect(taught).toMatchObject({
      untaught: [],
      lessons: [{ prompt: expect.stringContaining("Describe this picture"), image: { mediaType: "image/jpeg" } }],
    });
    expect(taught.lessons[0]?.prompt).toContain("Answer with one JSON object");
  });

  it("of an answer, with the quotes that were found", async () => {
    const quotes = [
      { text: "TOTAL", found: true },
      { text: "made up", found: false },
    ];
    const correct = { answer: "The total.", quotes, source: "model", warnings: [] };
    const taught = await teach("ask_image", { images: [sample("receipt.png")], question: "What is at the bottom?" }, correct);
    expect(replies(taught)).toEqual([{ answer: "The total.", quotes: ["TOTAL"] }]);
    expect(taught.untaught).toEqual([]);
  });

  it.each([
    [false, [{ label: "receipt", reason: "prices" }], { label: "receipt", reason: "prices" }],
    [false, [], { label: null, reason: expect.any(String) }],
    [
      true,
      [
        { label: "receipt", reason: "prices" },
        { label: "photo", reason: "grain" },
      ],
      {
        labels: [
          { label: "receipt", reason: "prices" },
          { label: "photo", reason: "grain" },
        ],
      },
    ],
  ])("of labels (multiple: %s, %j)", async (multiple, labels, reply) => {
    const correct = { label: labels[0]?.label ?? null, labels, source: "model", warnings: [] };
    const taught = await teach("classify_image", { image: sample("receipt.png"), labels: ["receipt", "photo"], multiple }, correct);
    expect([replies(taught), taught.untaught]).toEqual([[reply], []]);
  });

  it("of a text, as it is", async () => {
    const text = "Corner shop\nTea 2.50\nTotal 2.50";
    const taught = await teach("extract_text", { document: sample("receipt.png") }, { text, pages: [], warnings: [] });
    expect(taught.lessons.map(({ reply }) => reply)).toEqual([text]);
    expect(taught.untaught).toEqual([]);
  });

  it("of data, each value as it is printed and with what stands there", async () => {
    const fields = [
      { name: "when", type: "date" },
      { name: "total", type: "amount" },
      { name: "paid", type: "boolean" },
      { name: "discount", type: "amount" },
    ];
    const data = { when: "2026-03-12", total: "66.00", paid: false };
    const correct = { data, needs_review: [], model: "somebody", warnings: [] };
    const taught = await teach("extract_data", { document: asPdf(await billPdf()), fields }, correct, scanned);
    expect(replies(taught)).toEqual([
      {
        when: { value: "12 March 2026", quote: "12 March 2026" },
        total: { value: "66.00", quote: "66.00" },
        paid: { value: false },
        discount: null,
      },
    ]);
    expect(taught.untaught).toEqual([]);
  });

  it("of rows of data", async () => {
    const items = [
      { name: "Claw hammer", price: 10.5 },
      { name: "Tenon saw", price: 34 },
    ];
    const schema = {
      type: "object",
      properties: {
        items: { type: "array", items: { type: "object", properties: { name: { type: "string" }, price: { type: "number" } } } },
      },
    };
    const correct = { data: { items }, needs_review: [], model: "somebody", warnings: [] };
    const taught = await teach("extract_data", { document: asPdf(await billPdf()), schema }, correct, scanned);
    expect(replies(taught)).toEqual([
      {
        items: [
          { name: { value: "Claw hammer", quote: "Claw hammer" }, price: { value: "10.50", quote: "10.50" } },
          { name: { value: "Tenon saw", quote: "Tenon saw" }, price: { value: "34.00", quote: "34.00" } },
        ],
      },
    ]);
    expect(taught.untaught).toEqual([]);
  });

  const invoiceOf = (invoice: object) => ({ invoice, table: "", evidence: {}, checks: [], needs_review: [], source: "text", pages: [1] });

  it("of an invoice, and of what recognition cannot find, in a second question about the crop", async () => {
    const invoice = { number: "INV-1001", totals: { gross: "66.00", net: "77.77" }, order_number: "PO-1" };
    const taught = await teach(
      "extract_invoice",
      { document: asPdf(await billPdf()) },
      { invoices: [invoiceOf(invoice)], warnings: [] },
      scanned,
    );
    const [first, ...others] = replies(taught);
    expect(first).toMatchObject({ number: "INV-1001", totals_gross: "66.00", totals_net: "77.77", totals_tax: null, lines: null });
    // What a person says is right and stands nowhere is asked for once more, as it is in use.
    expect(others).toEqual([{ totals_net: "77.77" }]);
    expect(taught.untaught).toEqual([expect.stringContaining("order_number")]);
  });

  it("of an invoice that XML says more of than is printed, leave that out and name it", async () => {
    const lines = [{ description: "Claw hammer", quantity: "2", unit: "C62", net_amount: "21.00" }];
    const invoice = { number: "INV-1001", totals: { gross: "66.00", allowances: "0.00" }, lines };
    const correct = { invoices: [{ ...invoiceOf(invoice), source: "xml" }], warnings: [] };
    const taught = await teach("extract_invoice", { document: asPdf(await billPdf()) }, correct, scanned);
    expect(replies(taught)).toMatchObject([
      { totals_gross: "66.00", totals_allowances: null, lines: [{ description: "Claw hammer", unit: null, net_amount: "21.00" }] },
    ]);
    expect(taught.untaught).toEqual([expect.stringMatching(/lines\[0\]\.unit.*totals\.allowances|totals\.allowances.*lines\[0\]\.unit/)]);
  });

  it("are none where the question goes without a picture", async () => {
    const taught = await teach(
      "extract_invoice",
      { document: asPdf(await billPdf()) },
      { invoices: [invoiceOf({ number: "INV-1001" })], warnings: [] },
    );
    expect(taught).toEqual({ lessons: [], untaught: ["1 of its 1 questions go without a picture."] });
  });

  it.each<[string, string, () => Promise<object> | object, Readonly<Record<string, unknown>>, RegExp]>([
    [
      "two invoices in one file",
      "extract_invoice",
      async () => ({ document: asPdf(await billsPdf([{}, {}])) }),
      { invoices: [invoiceOf({ number: "1" }), invoiceOf({ number: "2" })], warnings: [] },
      /holds 2 invoices/,
    ],
    [
      "German, to a model that sees in English alone",
      "ask_image",
      () => ({ images: [sample("coffee.png")], question: "What is it?", language: "German" }),
      { answer: "Kaffee", quotes: [], source: "model", warnings: [] },
      /in German, and Llama 3\.2 Vision/,
    ],
    [
      "an answer that no model's reply can be",
      "ask_image",
      () => ({ images: [sample("coffee.png")], question: "What is it?" }),
      { answer: "", quotes: [], source: "model", warnings: [] },
      /does not take the right answer as a model's reply/,
    ],
    [
      "a text of fewer pages",
      "extract_text",
      async () => ({ document: asPdf(await billsPdf([{}, {}])) }),
      { text: "One page", pages: [], warnings: [] },
      /fewer pages/,
    ],
    ["what nobody corrects", "locate_object", () => ({ image: sample("coffee.png"), query: "cup" }), {}, /not kept/],
  ])("refuse %s", async (_, name, input, correct, words) => {
    await expect(Promise.resolve(input()).then((given) => teach(name, given, correct))).rejects.toThrow(words);
  });
});
