import { describe, expect, test } from "vitest";
import { printLanguageOf } from "./print-language.ts";

describe("printLanguageOf", () => {
  test.each([
    ["deu", ["Rechnung 2024-17", "Bitte uberweisen Sie den Betrag auf unser Konto."]],
    ["fra", ["Facture", "Veuillez regler cette facture dans un delai de 30 jours"]],
    ["spa", ["Factura", "Rogamos efectue el pago en un plazo de 30 dias por transferencia"]],
    [undefined, ["INVOICE NO. 17", "THANK YOU, PLEASE COME AGAIN", "TOTAL 12.50"]],
    [undefined, ["KEDAI MAKANAN SDN BHD", "NO. 5 JALAN SS 2/4", "TERIMA KASIH SILA DATANG LAGI"]],
    [undefined, []],
  ])("%s", (language, texts) => {
    expect(printLanguageOf(texts)).toBe(language);
  });

  test("the caller's word counts", () => {
    expect(printLanguageOf([], "de-AT")).toBe("deu");
    expect(printLanguageOf(["Bitte uberweisen Sie den Betrag auf unser Konto."], "en")).toBeUndefined();
  });
});
