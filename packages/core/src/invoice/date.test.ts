import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareDates, isoDate, parseEdifactDate, parseIsoDate } from "./date.ts";

describe("dates", () => {
  it.each([
    [2024, 2, 29, "2024-02-29"],
    [2000, 2, 29, "2000-02-29"],
    [2100, 2, 29, undefined],
    [2023, 2, 29, undefined],
    [2023, 2, 31, undefined],
    [2023, 4, 31, undefined],
    [2023, 13, 1, undefined],
    [2023, 0, 1, undefined],
    [2023, 1, 0, undefined],
    [23, 1, 1, undefined],
  ])("%i-%i-%i", (year, month, day, expected) => expect(isoDate(year, month, day)).toBe(expected));

  it("knows the days that the platform's calendar knows", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1900, max: 2199 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 31 }),
        (year, month, day) => {
          const date = new Date(Date.UTC(year, month - 1, day));
          const exists = date.getUTCMonth() === month - 1;
          expect(isoDate(year, month, day)).toBe(exists ? date.toISOString().slice(0, 10) : undefined);
        },
      ),
    );
  });

  it.each([
    ["2026-11-24", "2026-11-24"],
    [" 2026-11-24Z ", "2026-11-24"],
    ["2026-11-24+01:00", "2026-11-24"],
    ["2026-11-24T23:59:59.5-05:00", "2026-11-24"],
    ["2026-02-31", undefined],
    ["24.11.2026", undefined],
    ["20261124", undefined],
  ])("reads XML's %j", (text, expected) => expect(parseIsoDate(text)).toBe(expected));

  it.each([
    ["20261124", "102", "2026-11-24"],
    ["202611241530", "203", "2026-11-24"],
    ["20261124153000", "204", "2026-11-24"],
    ["20260231", "102", undefined],
    ["202611", "610", undefined],
    ["2026-11-24", "102", undefined],
  ])("reads EDIFACT's %j in format %s", (text, format, expected) => expect(parseEdifactDate(text, format)).toBe(expected));

  it("are in order", () =>
    expect(["2026-01-02", "2025-12-31", "2026-01-01"].toSorted(compareDates)).toEqual(["2025-12-31", "2026-01-01", "2026-01-02"]));
});
