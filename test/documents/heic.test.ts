import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { extractText, runTask } from "@sightline/core";
import sharp from "sharp";
import { afterAll, expect, it } from "vitest";
import { pictureParts } from "../model/stand-in-rule.ts";
import { closeEyes, startModelContext } from "../tasks/model-context.ts";

/**
 * page.heic: two rows of print, 480 x 200, as phones write a photo of a page: one HEVC picture (libx265) that lies on its side, and an `irot` of 90 degrees that turns it upright.
 * A picture of pixels has no text layer, and sharp itself reads no HEVC.
 */
const PAGE = fileURLToPath(new URL("page.heic", import.meta.url));

afterAll(closeEyes);

async function read(input: object) {
  const made = await startModelContext({ standIn: { mode: "verbatim", text: "Harbour Cafe\nTotal 66.00" } });
  try {
    const document = `data:application/octet-stream;base64,${await readFile(PAGE, "base64")}`;
    const output = await runTask(extractText, { document, ...input }, made.context);
    return { output, asked: made.server.requests.filter(({ method }) => method === "POST").map(({ body }) => body) };
  } finally {
    await made.close();
  }
}

it("a HEIC picture is a page: upright, read, with each line where it stands", async () => {
  const { output } = await read({});
  expect(output).toMatchObject({ text: "Harbour Cafe\nTotal 66.00", warnings: [] });
  const [page] = output.pages;
  expect(page).toMatchObject({ number: 1, width: 480, height: 200, source: "ocr" });
  // Drawn with their baselines at 80 and 150, from 30 on.
  expect(page?.lines?.map(({ box }) => [box.x > 20 && box.x < 40, box.y < 80 && box.y + box.height > 80])).toEqual([
    [true, true],
    [true, false],
  ]);
  expect(page?.lines?.[1]?.box.y).toBeGreaterThan(100);
});

it("a model is shown that page as a JPEG, upright", async () => {
  const { output, asked } = await read({ reader: "model" });
  expect(output).toMatchObject({ text: "Harbour Cafe\nTotal 66.00", ungrounded: [], model: "stand-in-vision" });
  const [shown] = pictureParts(asked[0]);
  const bytes = Buffer.from(shown?.image_url.url.split(",")[1] ?? "", "base64");
  expect(await sharp(bytes).metadata()).toMatchObject({ format: "jpeg", width: 480, height: 200 });
  const darkest = async (top: number, height: number): Promise<number> =>
    Math.min(...(await sharp(bytes).extract({ left: 0, top, width: 480, height }).greyscale().raw().toBuffer()));
  // The two rows of print, and the empty foot of the page.
  expect([(await darkest(40, 50)) < 80, (await darkest(110, 50)) < 80, (await darkest(170, 30)) > 200]).toEqual([true, true, true]);
});
