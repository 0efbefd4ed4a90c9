import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkInvoice } from "./checks.ts";
import { duplicateKey } from "./duplicate-key.ts";
import { consistentInvoice } from "./invoice.test-samples.ts";
import { checkSums } from "./rules.ts";
import type { Invoice, Totals } from "./schema.ts";

function failures(invoice: Invoice): string[] {
  return checkSums(invoice).flatMap(({ ok, rule }) => (ok ? [] : [rule]));
}

const BILL: Invoice = {
  number: "R-1",
  issue_date: "2026-01-02",
  currency: "EUR",
  seller: { name: "Müller & Söhne", vat_id: "DE136695976" },
  lines: [
    { description: "A", quantity: "3", unit_price: "3.3333", net_amount: "10.00" },
    { description: "B", quantity: "20", unit_price: "50", price_quantity: "100", net_amount: "9.00", allowances: "1.00" },
  ],
  taxes: [{ rate: "19.00", base: "19.00", tax: "3.61" }],
  totals: { lines: "19.00", net: "19.00", tax: "3.61", gross: "22.61", prepaid: "2.61", due: "20.00" },
};

describe("sums", () => {
  it("of an invoice that adds up all pass", () => {
    fc.assert(
      fc.property(consistentInvoice, (invoice) => {
        expect(failures(invoice)).toEqual([]);
        expect(checkSums(invoice).map(({ rule }) => rule)).toEqual(
          expect.arrayContaining(["BR-CO-10", "BR-CO-13", "BR-CO-14", "BR-CO-15", "BR-CO-16", "BR-CO-17", "line_amount"]),
        );
      }),
    );
  });

  it("show one wrong digit in any total", () => {
    fc.assert(
      fc.property(consistentInvoice, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 9 }), (invoice, which, where, by) => {
        const totals = invoice.totals ?? {};
        const keys = Object.keys(totals) as (keyof Totals)[];
        const key = keys[which % keys.length] ?? "gross";
        const printed = totals[key] ?? "0";
        const places = [...printed.matchAll(/\d/g)].map(({ index }) => index);
        const place = places[where % places.length] ?? 0;
        const digit = (Number(printed[place]) + by) % 10;
        const changed = `${printed.slice(0, place)}${digit}${printed.slice(place + 1)}`;
        const wrong = { ...invoice, totals: { ...totals, [key]: changed } };
        const failed = checkSums(wrong).filter(({ ok }) => !ok);
        expect(failed.length).toBeGreaterThan(0);
        expect(failed.every(({ difference }) => difference !== undefined)).toBe(true);
      }),
    );
  });

  it("are run where their terms are, and nowhere else", () => {
    expect(checkSums({})).toEqual([]);
    expect(checkSums({ totals: { gross: "1.00" } })).toEqual([]);
    expect(checkSums({ ...BILL, lines: [{ net_amount: "10.00" }, { description: "no amount" }] }).map(({ rule }) => rule)).not.toContain(
      "BR-CO-10",
    );
  });

  it("hold the lines against the net total where no sum of lines is stated", () => {
    const lines = [{ net_amount: "10.00" }, { net_amount: "5.00" }];
    expect(failures({ lines, totals: { net: "12.00", allowances: "4.00", charges: "1.00" } })).toEqual([]);
    expect(failures({ lines, totals: { net: "15.01" } })).toEqual(["BR-CO-10"]);
  });

  it("take the tax of all rates where no total tax is stated", () => {
    const taxes = [
      { rate: "7", tax: "0.70" },
      { rate: "19", tax: "1.90" },
    ];
    expect(failures({ taxes, totals: { net: "20.00", gross: "22.60" } })).toEqual([]);
    expect(failures({ taxes, totals: { net: "20.00", gross: "22.06" } })).toEqual(["BR-CO-15"]);
    expect(checkSums({ taxes: [{ rate: "7", tax: "0.70" }, { rate: "19" }], totals: { net: "20.00", gross: "22.60" } })).toEqual([]);
  });

  it("leave out lines that are no part of the sum", () => {
    const lines: Invoice["lines"] = [{ net_amount: "15.00", line_status: "group" }, { net_amount: "10.00" }, { net_amount: "5.00" }];
    expect(failures({ lines, totals: { lines: "15.00" } })).toEqual([]);
  });

  it("say what is wrong, with the numbers, and never put it right", () => {
    const wrong: Invoice = { ...BILL, totals: { ...BILL.totals, gross: "22.16", due: "19.55" } };
    expect(checkSums(wrong).filter(({ ok }) => !ok)).toEqual([
      {
        rule: "BR-CO-15",
        ok: false,
        severity: "error",
        message: "Gross: net 19.00 + tax 3.61 = 22.61, but 22.16 is stated.",
        fields: ["totals.net", "totals.tax", "totals.gross"],
        difference: "-0.45",
      },
    ]);
  });

  it("of a credit note with negative amounts pass", () => {
    expect(failures({ totals: { lines: "-7.67", net: "-7.67", tax: "-1.12", gross: "-8.79", due: "-8.79" } })).toEqual([]);
  });

  it("allow for prices that were rounded and for prices of a hundred", () => {
    expect(failures(BILL)).toEqual([]);
    const wrong = checkSums({ lines: [{ quantity: "2", unit_price: "5.00", net_amount: "11.00" }] });
    expect(wrong).toEqual([
      {
        rule: "line_amount",
        ok: false,
        severity: "warning",
        message: "Line 1: 2 x 5.00 = 10.00, but 11.00 is stated.",
        fields: ["lines[0]"],
        difference: "1.00",
      },
    ]);
  });
});

describe("other checks", () => {
  async function check(invoice: Invoice, rule: string, options = {}): Promise<boolean[]> {
    return (await checkInvoice(invoice, options)).filter((each) => each.rule === rule).map(({ ok }) => ok);
  }

  it.each([
    ["DE136695976", [true]],
    ["DE 136 695 976", [true]],
    ["DE123456789", [false]],
    ["EL094259216", [true]],
    ["GR094259216", [true]],
    ["FR83404833048", [true]],
    ["ATU13585627", [true]],
    ["US123", []],
    ["136695976", []],
  ])("VAT id %s", async (id, expected) => expect(await check({ seller: { vat_id: id } }, "vat_id")).toEqual(expected));

  it.each([
    ["DE02120300000000202051", true],
    ["DE02 1203 0000 0000 2020 51", true],
    ["DE02120300000000202015", false],
    ["DE0212030000000020205", false],
  ])("IBAN %s", async (iban, expected) => expect(await check({ payment: { iban } }, "iban")).toEqual([expected]));

  it("dates and currency", async () => {
    expect(await check({ issue_date: "2026-02-01", due_date: "2026-02-01" }, "date_order")).toEqual([true]);
    expect(await check({ issue_date: "2026-02-01", due_date: "2026-01-02" }, "date_order")).toEqual([false]);
    expect(await check({ currency: "CHF" }, "currency")).toEqual([true]);
    expect(await check({ currency: "ABC" }, "currency")).toEqual([false]);
  });

  it("an invoice that was read before", async () => {
    const key = duplicateKey(BILL);
    expect(key).toBe("DE136695976|r1|2026-01-02|22.61");
    expect(await check(BILL, "duplicate_key", { seenKeys: new Set() })).toEqual([true]);
    expect(await check(BILL, "duplicate_key", { seenKeys: new Set([key]) })).toEqual([false]);
    expect(duplicateKey({ ...BILL, number: "r 1", totals: { gross: "22.610" } })).toBe(key);
    expect(duplicateKey({ ...BILL, issue_date: "2026-01-03" })).not.toBe(key);
    expect(duplicateKey({ ...BILL, seller: {} })).toBeUndefined();
  });

  it("an amount due that the smallest profile cannot explain", async () => {
    const invoice: Invoice = { totals: { gross: "530.75", due: "383.75" } };
    expect(await check(invoice, "BR-CO-16")).toEqual([false]);
    expect(await check(invoice, "BR-CO-16", { profile: "MINIMUM" })).toEqual([]);
  });
});
