import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
// Its types know the default export alone.
// oxlint-disable-next-line import/no-named-as-default
import PDFDocument from "pdfkit";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SAMPLES, startHttpServer, type HttpServer } from "../mcp/connect.ts";
import { startStandInModel } from "../model/stand-in-server.ts";
import { noFfmpeg } from "../video/make-video.ts";
import { launch, noChromium, openPage, seriousFindings } from "./browser.ts";

const sample = (name: string): string => path.join(SAMPLES, name);

/** Gives the page a file as its file dialog would. */
async function pick(page: Page, ...files: string[]): Promise<void> {
  await page.getByLabel("Choose a file").setInputFiles(files);
  await page
    .getByText(path.basename(files[0] ?? ""))
    .first()
    .waitFor();
}

async function look(page: Page, task: string): Promise<void> {
  await page.getByRole("radio", { name: task }).check({ force: true });
  await page.getByRole("button", { name: "Look", exact: true }).click();
}

async function answered(page: Page): Promise<void> {
  await page.getByText(/^(Done in|Failed after) /).waitFor({ timeout: 90_000 });
}

const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

/** The picture is there, and each frame lies where the answer says: in pixels of the full picture. */
async function framesOf(page: Page): Promise<{ readonly width: number; readonly height: number; readonly frames: number }> {
  await page.locator(".sheet img").first().waitFor();
  return page.evaluate(() => {
    const drawing = document.querySelector(".frames") as SVGSVGElement;
    const { width, height } = drawing.viewBox.baseVal;
    return { width, height, frames: drawing.querySelectorAll("rect").length };
  });
}

describe.skipIf(noChromium !== undefined)(`the playground in Chromium (${noChromium ?? "there"})`, () => {
  let browser: Browser;
  let server: HttpServer;
  let folder: string;
  let complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "sightline-viewer-"));
    [browser, server] = await Promise.all([launch(), startHttpServer()]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), server?.close()]);
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    if (complaints.length > 0) throw new Error(complaints.join("\n"));
  });

  async function open(options: Parameters<typeof openPage>[1] = {}, origin = server.origin): Promise<Page> {
    const opened = await openPage(browser, options);
    complaints = opened.complaints;
    await opened.page.goto(origin);
    return opened.page;
  }

  it("says what to do first, and brings files to try", async () => {
    const page = await open();
    await page.getByRole("heading", { name: "Drop or paste a picture, a PDF or a video" }).waitFor();
    await page.getByRole("button", { name: "Find somebody in a picture" }).click();
    await page.getByText("park.jpg").first().waitFor();
    expect(await page.getByLabel("Query").inputValue()).toContain("white shirt");
    await page.getByRole("button", { name: "Look", exact: true }).click();
    await answered(page);
    expect(await framesOf(page)).toEqual({ width: 800, height: 600, frames: 1 });
    await page.getByText("no model was asked").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  it("takes a picture that is dropped, and shows what a row of the list is about on the picture, and the other way round", async () => {
    const page = await open();
    const bytes = (await readFile(sample("park.jpg"))).toString("base64");
    await page.getByRole("heading", { name: /Drop or paste/ }).waitFor();
    const data = await page.evaluateHandle((encoded) => {
      const transfer = new DataTransfer();
      const binary = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
      transfer.items.add(new File([binary], "dropped.jpg", { type: "image/jpeg" }));
      return transfer;
    }, bytes);
    await page.dispatchEvent("main", "drop", { dataTransfer: data });
    await page.getByText("dropped.jpg").waitFor();
    await look(page, "Describe image");
    await answered(page);
    expect(await framesOf(page)).toMatchObject({ frames: 2 });
    await page.getByRole("button", { name: /^person 2/ }).hover();
    await page.locator(".active-frame").getByText("person 2").waitFor();
    await page.locator('rect[data-mark="person-0"]').click();
    expect(await page.evaluate(() => document.activeElement?.getAttribute("data-mark"))).toBe("person-0");
  });

  it("takes a picture of 12 megapixels that lies on its side: frames are where the upright picture has them", async () => {
    const photo = path.join(folder, "12mp.jpg");
    // Two people on a lawn, 4000 x 3000, stored turned as phones do.
    const upright = await sharp(sample("park.jpg")).resize(4000, 3000).jpeg().toBuffer();
    await sharp(await sharp(upright).rotate(270).jpeg().toBuffer())
      .withMetadata({ orientation: 6 })
      .toFile(photo);
    const page = await open();
    await pick(page, photo);
    await page.locator(".sheet img").waitFor();
    await look(page, "Describe image");
    await answered(page);
    expect(await framesOf(page)).toEqual({ width: 4000, height: 3000, frames: 2 });
    const [left, right] = await page
      .locator(".frames rect")
      .evaluateAll((each) => each.map((one) => Number(one.getAttribute("x"))).toSorted((a, b) => a - b));
    expect(left).toBeLessThan(1200);
    expect(right).toBeGreaterThan(2000);
  });

  it("reads an invoice: failed checks in words, a value put right, and the corrected result copied and kept", async () => {
    const kept = path.join(folder, "kept");
    const keeping = await startHttpServer({ args: ["--backend", "none", "--keep-corrections", kept] });
    try {
      const page = await open({}, keeping.origin);
      await pick(page, sample("invoice.pdf"));
      await look(page, "Extract invoice");
      await answered(page);
      await page.getByText("its check digit is wrong").first().waitFor();
      const id = page.getByRole("textbox", { name: "VAT id" });
      await id.focus();
      await page.locator(".active-frame.doubtful").getByText("DE123456789").waitFor();
      expect(
        await page.evaluate((each) => document.getElementById(each ?? "")?.textContent, await id.getAttribute("aria-describedby")),
      ).toContain("doubtful");
      await id.fill("DE136695976");
      await page.getByRole("button", { name: "Copy corrected result" }).click();
      await page.getByRole("button", { name: "Copied" }).waitFor();
      const copied = JSON.parse(await clipboard(page)) as { invoices: { invoice: { seller: object; number: string } }[] };
      expect(copied.invoices[0]?.invoice).toMatchObject({ number: "2026-0817", seller: { vat_id: "DE136695976" } });
      await page.getByRole("button", { name: "Keep this correction" }).click();
      await page.getByText(/^Kept as /).waitFor();
      expect((await readdir(kept)).length).toBeGreaterThan(0);
      expect(await seriousFindings(page)).toEqual([]);
    } finally {
      await keeping.close();
    }
  });

  it("shows a document of 20 pages, each when it comes into sight, and finds a line on the last", async () => {
    const file = path.join(folder, "twenty.pdf");
    const pdf = new PDFDocument({ margin: 60 });
    const parts: Uint8Array[] = [];
    pdf.on("data", (part: Uint8Array) => parts.push(part));
    const written = new Promise((resolve) => pdf.once("end", resolve));
    for (let number = 1; number <= 20; number++) {
      if (number > 1) pdf.addPage();
      for (let line = 1; line <= 15; line++) pdf.text(`Page ${number}, paragraph ${line}`);
    }
    pdf.end();
    await written;
    await writeFile(file, Buffer.concat(parts));

    const page = await open();
    await pick(page, file);
    await look(page, "Extract text");
    await answered(page);
    await page.locator(".sheet").nth(19).waitFor();
    expect(await page.locator(".sheet").count()).toBe(20);
    expect(await page.locator(".sheet img").count()).toBeLessThan(10);
    const places = await page.locator(".sheet").evaluateAll((each) => each.map((one) => one.getBoundingClientRect().toJSON() as DOMRect));
    // pdfkit's page is a letter. Each is shown whole, below the one before.
    for (const { width, height } of places) expect(width / height).toBeCloseTo(8.5 / 11, 1);
    for (const [index, { top }] of places.entries()) if (index > 0) expect(top).toBeGreaterThan(places[index - 1]?.bottom ?? 0);
    expect(await page.locator(".mark").count()).toBe(300);
    await page.locator(".mark").last().focus();
    await page.locator('[data-sheet="0-20"] .active-frame').getByText("Page 20, paragraph 15").waitFor();
    const shown = await page.locator('[data-sheet="0-20"] .active-frame').evaluate((frame) => {
      const [inner, outer] = [frame.getBoundingClientRect(), (frame.closest(".sheets") as Element).getBoundingClientRect()];
      return inner.top >= outer.top && inner.bottom <= outer.bottom;
    });
    expect(shown).toBe(true);
  });

  it.skipIf(noFfmpeg !== undefined)("plays a video at the moment that was found", async () => {
    const page = await open();
    await pick(page, sample("park.mp4"));
    await page.getByLabel("Query").fill("a woman wearing a red top and blue jeans");
    await look(page, "Search video");
    await answered(page);
    await page.locator("img.hit-frame").waitFor();
    await page.getByRole("button", { name: /^0:0[23].* to 0:0[56]/ }).click();
    await page.waitForFunction(() => {
      const time = (document.querySelector("video") as HTMLVideoElement).currentTime;
      return time >= 2.5 && time <= 6.5;
    });
    expect(await seriousFindings(page)).toEqual([]);
  });

  it("says what is wrong with a file, and of a file that is none", async () => {
    const page = await open();
    const bytes = await readFile(sample("park.jpg"));
    const damaged = path.join(folder, "damaged.jpg");
    await writeFile(damaged, bytes.subarray(0, 400));
    await pick(page, damaged);
    await look(page, "Describe image");
    await page
      .getByRole("alert")
      .filter({ hasText: /^InputError: / })
      .waitFor();
    const text = path.join(folder, "words.jpg");
    await writeFile(text, "no picture at all");
    await pick(page, text);
    await page.getByRole("button", { name: "Look", exact: true }).click();
    await page
      .getByRole("alert")
      .filter({ hasText: /Pictures, PDFs/ })
      .first()
      .waitFor();
    // The browser says of a refused request that it was.
    complaints = complaints.filter((each) => !each.includes("422"));
  });

  it("asks for one's own fields in rows, and says which row is not whole", async () => {
    const model = await startStandInModel();
    const asking = await startHttpServer({ env: { SIGHTLINE_BASE_URL: model.baseUrl, SIGHTLINE_MODEL: model.model }, args: [] });
    try {
      const page = await open({}, asking.origin);
      await pick(page, sample("receipt.png"));
      await page.getByRole("radio", { name: "Extract data" }).check({ force: true });
      await page.getByRole("group", { name: "Fields 1" }).getByLabel("Description").fill("with VAT");
      await page.getByRole("button", { name: "Look", exact: true }).click();
      await page.getByText("fields: row 1 has no name.").waitFor();
      await page.getByRole("group", { name: "Fields 1" }).getByLabel("Name").fill("total");
      await page.getByRole("group", { name: "Fields 1" }).getByLabel("Type").selectOption("amount");
      for (const name of ["shop", "till", "card"]) {
        await page.getByRole("button", { name: "Add another" }).click();
        await page.getByLabel("Name", { exact: true }).last().fill(name);
      }
      await page.getByRole("button", { name: "Remove till" }).click();
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByRole("button", { name: "Look", exact: true }).click();
      await answered(page);
      await page.getByRole("tab", { name: "This call" }).click();
      await page.getByRole("button", { name: "Copy MCP" }).click();
      expect((JSON.parse(await clipboard(page)) as { params: { arguments: unknown } }).params.arguments).toMatchObject({
        document: "receipt.png",
        fields: [
          { name: "total", type: "amount", description: "with VAT" },
          { name: "shop", type: "text" },
          { name: "card", type: "text" },
        ],
      });
    } finally {
      await asking.close();
      await model.close();
    }
  });

  it("shows a model's words as they come, what they took and who was asked; the call is copied for other doors", async () => {
    const model = await startStandInModel({ mode: "word-by-word" });
    const asking = await startHttpServer({ env: { SIGHTLINE_BASE_URL: model.baseUrl, SIGHTLINE_MODEL: model.model }, args: [] });
    try {
      const page = await open({}, asking.origin);
      await pick(page, sample("park.jpg"));
      await page.getByRole("radio", { name: "Ask about images and documents" }).check({ force: true });
      await page.getByLabel("Question").fill("How many people are there?");
      await page.getByRole("button", { name: "Look", exact: true }).click();
      await page.locator(".working pre").getByText("The stand-in model").waitFor();
      await answered(page);
      await page.getByText(new RegExp(`${model.model} at ${model.baseUrl}`)).waitFor();
      await page.getByText(/^\d+ tokens in, \d+ out/).waitFor();
      await page.getByRole("tab", { name: "This call" }).click();
      await page.getByRole("button", { name: "Copy Command line" }).click();
      expect(await clipboard(page)).toBe("sightline ask-image park.jpg --question 'How many people are there?'");
      await page.getByRole("button", { name: "Copy MCP" }).click();
      expect(JSON.parse(await clipboard(page))).toMatchObject({
        method: "tools/call",
        params: { name: "ask_image", arguments: { images: ["park.jpg"] } },
      });
      await page.getByRole("tab", { name: "JSON" }).click();
      await page.getByText('"source": "model"').waitFor();
    } finally {
      await asking.close();
      await model.close();
    }
  });

  it("ends a call that takes long, at the server too; and the job that one became", async () => {
    const model = await startStandInModel({ delayMs: 45_000 });
    const env = { SIGHTLINE_BASE_URL: model.baseUrl, SIGHTLINE_MODEL: model.model };
    const ends = async (args: string[]): Promise<void> => {
      const asking = await startHttpServer({ env, args });
      try {
        const before = model.requests.length;
        const page = await open({}, asking.origin);
        await pick(page, sample("park.jpg"));
        await page.getByRole("radio", { name: "Ask about images and documents" }).check({ force: true });
        await page.getByLabel("Question").fill("How many?");
        const followed = args.length === 0 ? undefined : page.waitForRequest((request) => request.postData()?.includes("get_job") === true);
        await page.getByRole("button", { name: "Look", exact: true }).click();
        await expect.poll(() => model.requests.slice(before).some(({ method }) => method === "POST")).toBe(true);
        await followed;
        await page.getByRole("button", { name: "Cancel" }).click();
        await page.getByText("Cancelled.").waitFor();
        expect(await model.requests.slice(before).find(({ method }) => method === "POST")?.end).toBe("aborted");
      } finally {
        await asking.close();
      }
    };
    try {
      await ends([]);
      await ends(["--answer-within", "1"]);
    } finally {
      await model.close();
    }
  });

  it("asks for the token of a server that wants one, and is let in by it alone", async () => {
    const locked = await startHttpServer({ args: ["--backend", "none"], env: { SIGHTLINE_HTTP_TOKEN: "a-token-for-the-page-0123456789" } });
    try {
      const page = await open({}, locked.origin);
      await page.getByLabel("Token").fill("wrong");
      await page.getByRole("button", { name: "Connect" }).click();
      await page.getByText("does not take this token").waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByLabel("Token").fill("a-token-for-the-page-0123456789");
      await page.getByRole("button", { name: "Connect" }).click();
      await page.getByRole("button", { name: "Read the text of a receipt" }).click();
      await page.getByText("receipt.png").first().waitFor();
    } finally {
      // The page goes first: what it still asks for would be refused by a server that is going.
      for (const context of browser.contexts()) await context.close();
      await locked.close();
    }
  });

  it("goes by keyboard alone, on a phone and in the dark", async () => {
    const page = await open({ viewport: { width: 390, height: 844 }, colorScheme: "dark", hasTouch: true });
    await page.getByRole("heading", { name: /Drop or paste/ }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    const until = async (reached: () => Promise<boolean>): Promise<void> => {
      for (let presses = 0; presses < 60 && !(await reached()); presses++) await page.keyboard.press("Tab");
      expect(await reached()).toBe(true);
    };
    const focused = (words: string) => () =>
      page.evaluate(
        (each) => document.activeElement?.textContent?.includes(each) === true && document.activeElement.tagName === "BUTTON",
        words,
      );
    await until(focused("Read the text of a receipt"));
    await page.keyboard.press("Enter");
    await page.getByText("receipt.png").first().waitFor();
    await until(focused("Look"));
    await page.keyboard.press("Enter");
    await answered(page);
    await until(focused("HARBOUR STREET BAKERY"));
    await page.locator(".active-frame").getByText("HARBOUR STREET BAKERY").waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);
  });
});
