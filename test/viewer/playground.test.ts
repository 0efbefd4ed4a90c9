import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
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
    expect(complaints).toEqual([]);
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
});
