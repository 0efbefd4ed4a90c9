import { describe, expect, it } from "vitest";
import { corrected } from "./correct.ts";
import { clock } from "./read-hits.ts";
import { isBare, toView } from "./to-view.ts";

const BOX = { x: 10, y: 20, width: 30, height: 40 };

describe("an answer's shape decides how it is shown", () => {
  it("things and people of a picture are marks", () => {
    const { words, marks } = toView({
      description: "Two of them.",
      objects: [{ label: "cup", box: BOX, confidence: 0.91 }],
      people: [
        {
          box: BOX,
          confidence: 0.5,
          clothing: { upper: { colors: ["black", "white"], pattern: "striped" }, feet: { colors: ["red"], pattern: "plain" } },
        },
      ],
    });
    expect(words).toBe("Two of them.");
    expect(marks).toEqual([
      { id: "object-0", file: 0, page: 1, box: BOX, label: "cup", detail: "91\u00A0%", tone: "plain", named: true },
      {
        id: "person-0",
        file: 0,
        page: 1,
        box: BOX,
        label: "person 1",
        detail: "50\u00A0%, striped black and white top, red footwear",
        tone: "plain",
        named: true,
      },
    ]);
  });

  it("lines stand on their pages, quotes in their files", () => {
    const { marks } = toView({
      pages: [{ number: 3, width: 100, height: 100, lines: [{ text: "Total", box: BOX, confidence: 1 }] }],
      quotes: [
        { text: "EXIT", image: 2, page: 4, box: BOX },
        { text: "nowhere", found: false },
      ],
    });
    expect(marks.map(({ label, file, page }) => [label, file, page])).toEqual([
      ["Total", 0, 3],
      ["“EXIT”", 1, 4],
    ]);
  });

  it("values of an invoice have the tone of the worst that is said of them, and the words for it", () => {
    const proof = (page: number, grounded = true) => ({ page, box: BOX, quote: "as printed", grounded, source: "text" });
    const { documents, marks, review } = toView({
      invoices: [
        {
          invoice: {
            number: "17",
            seller: { vat_id: "DE1" },
            lines: [{ description: "Oil", net_amount: "5.00" }],
            totals: { net: "4.00" },
            buyer: { name: "B" },
          },
          evidence: { number: proof(1), "lines[0].net_amount": proof(2), "totals.net": proof(2), "buyer.name": proof(1, false) },
          checks: [
            { rule: "BR-CO-10", ok: false, severity: "error", message: "5.00 is not 4.00.", fields: ["lines", "totals.net"] },
            { rule: "vat_id", ok: false, severity: "warning", message: "No such id.", fields: ["seller.vat_id"] },
            { rule: "duplicate_key", ok: true, severity: "warning", message: "No copy.", fields: ["number"] },
          ],
          needs_review: ["BR-CO-10: 5.00 is not 4.00."],
        },
      ],
    });
    const fields = documents.flatMap(({ groups }) =>
      groups.flatMap((group) => group.fields.map((each) => [group.title, each.label, each.value, each.tone, each.notes.length])),
    );
    expect(fields).toEqual([
      ["", "Number", "17", "plain", 0],
      ["Seller", "VAT id", "DE1", "doubtful", 1],
      ["Line 1", "Description", "Oil", "wrong", 1],
      ["Line 1", "Net amount", "5.00", "wrong", 1],
      ["Totals", "Net", "4.00", "wrong", 1],
      ["Buyer", "Name", "B", "doubtful", 1],
    ]);
    expect(documents[0]?.title).toBe("Invoice 17");
    expect(documents[0]?.checks[0]?.marks).toHaveLength(2);
    expect(marks.map(({ page, tone }) => [page, tone])).toEqual([
      [1, "plain"],
      [2, "wrong"],
      [2, "wrong"],
      [1, "doubtful"],
    ]);
    expect(review).toHaveLength(1);
  });

  it("two invoices of one file have marks of their own", () => {
    const one = { invoice: { number: "1" }, evidence: { number: { page: 1, box: BOX, quote: "1", grounded: true } }, checks: [] };
    expect(new Set(toView({ invoices: [one, one] }).marks.map(({ id }) => id)).size).toBe(2);
  });

  it("data in a shape of the user's own are fields, whatever they are called", () => {
    const { documents } = toView({ data: { dishes: [{ name: "Soup", price: 4.5 }], tags: ["a", "b"], open: true } });
    expect(documents[0]?.groups.map(({ title, fields }) => [title, fields.map(({ value }) => value)])).toEqual([
      ["", ["a", "b", "true"]],
      ["Dish 1", ["Soup", "4.5"]],
    ]);
  });

  it("times are hits, in their order", () => {
    const coverage = { duration: 60 };
    const late = { start: 40, end: 41, best_time: 40.5, confidence: 0.75, frame: "/cache/late.jpg" };
    const { hits, words } = toView({ matches: [late, { start: 2, end: 3 }], coverage });
    expect(words).toBe("Seen 2 times.");
    expect(hits).toEqual({
      duration: 60,
      spans: [
        { start: 2, end: 3, best: 2, label: "Match", detail: "" },
        { start: 40, end: 41, best: 40.5, label: "Match", detail: "75\u00A0%", frame: "/cache/late.jpg" },
      ],
    });
    expect(toView({ matches: [], coverage }).hits).toEqual({ duration: 60, spans: [] });
    expect(toView({ timeline: [{ start: 0, end: 9, description: "A dog." }], duration: 9 }).hits?.spans[0]?.label).toBe("A dog.");
  });

  it.each([[{}], [{ objects: "none", pages: [7, null], invoices: { a: 1 } }], [{ images: [{ path: "/a.png" }], warnings: ["Old."] }]])(
    "%j is nothing to look at, and no error",
    (output) => {
      expect(isBare(toView(output))).toBe(true);
    },
  );
});

describe("a corrected answer", () => {
  const output = {
    invoices: [{ invoice: { number: "17", lines: [{ net_amount: "5.00" }] } }],
    data: { price: 4.5, open: true },
    warnings: [],
  };

  it("has the new value in its place, everything else as it was, and the old answer untouched", () => {
    const before = JSON.stringify(output);
    expect(corrected(output, [{ at: ["invoices", 0, "invoice", "lines", 0, "net_amount"], value: "6.00" }])).toEqual({
      ...output,
      invoices: [{ invoice: { number: "17", lines: [{ net_amount: "6.00" }] } }],
    });
    expect(JSON.stringify(output)).toBe(before);
  });

  it("keeps numbers numbers and truths truths, where the new text is one", () => {
    const put = (field: string, value: string) => corrected(output, [{ at: ["data", field], value }])["data"];
    expect(put("price", "5.25")).toEqual({ price: 5.25, open: true });
    expect(put("price", "about five")).toEqual({ price: "about five", open: true });
    expect(put("open", "false")).toEqual({ price: 4.5, open: false });
  });
});

describe("a moment of a video", () => {
  it.each([
    [0, "0:00"],
    [5.94, "0:05.9"],
    [59.96, "1:00"],
    [75, "1:15"],
    [3723.5, "1:02:03.5"],
  ])("%s s is %s", (seconds, words) => {
    expect(clock(seconds)).toBe(words);
  });
});
