import { strict as assert } from "node:assert";
import { askImage, extractInvoice, extractText, locateObject, runTask } from "@sightline/core";
import { textOf } from "../../test/model/stand-in-rule.ts";
import type { Prompt } from "./prompt.ts";

/** The middles of the two people, as draw-park.ts drew them (pixels of the sample). */
const WOMAN = { x: 245, y: 345 };
const MAN = { x: 560, y: 335 };

/** A question for somebody: the query is the prompt itself. `mark` is their place from left to right, as the marks are numbered. */
function whereIs(words: string, middle: typeof WOMAN, mark: number): Prompt {
  return {
    words,
    file: "park.jpg",
    async answer(image, query, context) {
      const output = await runTask(locateObject, { image, query, annotate: true }, context);
      const box = output.objects[0]?.box;
      assert.equal(output.objects.length, 1);
      assert.ok(box !== undefined && middle.x > box.x && middle.x < box.x + box.width && middle.y > box.y && middle.y < box.y + box.height);
      return locateObject.render(output);
    },
    standIn: (request) => {
      const marks = [...textOf(request).matchAll(/^(\d+): person/gm)].map(([, number]) => Number(number));
      return JSON.stringify({ numbers: marks.filter((number) => number === mark) });
    },
  };
}

/** What draw-samples.ts printed. */
const INVOICE_TABLE = [
  "| Pos. | Leistung | Menge | Einzelpreis | Betrag |",
  "| --- | --- | --- | --- | --- |",
  "| 1 | Wartung Kälteanlage, Prüfung nach Norm | 4 Std. | 92,50 | 370,00 |",
  "| 2 | Dichtungssatz für Kühlraumtür | 2 Stk. | 148,90 | 297,80 |",
  "| 3 | Anfahrt Nürnberg – Fürth | 1 psch. | 45,00 | 45,00 |",
].join("\n");

export const picturePrompts: readonly Prompt[] = [
  whereIs("Where is the woman in the black and white striped top in the picture?", WOMAN, 1),
  whereIs("Where is the man wearing a white shirt, light blue jeans, and white shoes in the picture?", MAN, 2),
  {
    words: "Extract the information from the invoice and place the extracted content into a table.",
    file: "invoice.png",
    async answer(document, words, context) {
      if (context.model === undefined) {
        const output = await runTask(extractInvoice, { document }, context);
        assert.equal(output.invoices[0]?.invoice.totals?.gross, "848.23");
        assert.equal(output.invoices[0]?.invoice.lines?.length, 3);
        return extractInvoice.render(output);
      }
      // A model is asked in these very words; what it quotes is looked up on the page.
      const output = await runTask(askImage, { images: [document], question: words }, context);
      assert.deepEqual(
        output.quotes.map(({ found }) => found),
        [true, true, false],
      );
      return askImage.render(output);
    },
    // It invents one amount: the answer has to say so.
    standIn: () => JSON.stringify({ answer: INVOICE_TABLE, quotes: ["Rechnung Nr. 2026-0817", "848,23", "999,99"] }),
  },
  {
    words: "Extract the text from the image while maintaining the original format.",
    file: "receipt.png",
    async answer(document, words, context) {
      if (context.model === undefined) {
        const output = await runTask(extractText, { document, format: "layout" }, context);
        assert.match(output.text, /^TOTAL GBP {10,}21\.05$/m);
        return extractText.render(output);
      }
      const output = await runTask(askImage, { images: [document], question: words }, context);
      assert.ok(output.quotes.every(({ found }) => found));
      return askImage.render(output);
    },
    standIn: () =>
      JSON.stringify({
        answer: "TOTAL GBP                 21.05\nCard ****4821             21.05",
        quotes: ["TOTAL GBP 21.05", "****4821"],
      }),
  },
];
