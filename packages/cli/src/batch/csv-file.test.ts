import { expect, test } from "vitest";
import { plainCells } from "./csv-file.ts";

test("plain fields become cells, those of objects under their path; what is for readers of JSON is left out", () => {
  const output = {
    text: "Hello",
    found: false,
    width: 640,
    label: null,
    colors: ["red", "light blue"],
    warnings: [],
    pages: [{ number: 1 }],
    evidence: { "data.rent": { quote: "800" } },
    data: { rent: "800.00", tenant: { name: "Ada" }, rooms: [{ area: 12 }] },
  };
  expect(plainCells(output)).toEqual({
    text: "Hello",
    found: "false",
    width: "640",
    colors: "red; light blue",
    warnings: "",
    "data.rent": "800.00",
    "data.tenant.name": "Ada",
    "data.rooms": '[{"area":12}]',
  });
});
