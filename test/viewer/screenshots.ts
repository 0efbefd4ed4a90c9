/** Takes the pictures of the README from the real page: `npx -y pnpm@12 screenshots:viewer`. It needs Chromium and ffmpeg; the results are committed. */
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { startHttpServer } from "../mcp/connect.ts";
import { launch } from "./browser.ts";

const FOLDER = fileURLToPath(new URL("../../docs/pictures", import.meta.url));

/** What is tried, and what the reader is shown of it. */
const SCENES: readonly { readonly name: string; readonly sample: string; readonly height?: number; ready(page: Page): Promise<void> }[] = [
  {
    name: "playground-picture",
    sample: "Find somebody in a picture",
    async ready(page) {
      await page.locator(".sheet img").waitFor();
      await page.locator(".mark").first().hover();
      await page.locator(".active-frame").waitFor();
    },
  },
  {
    name: "playground-invoice",
    sample: "Read an invoice and check it",
    async ready(page) {
      await page.locator(".sheet img").waitFor();
      await page.getByRole("textbox", { name: "VAT id" }).hover();
      await page.locator(".active-frame").waitFor();
    },
  },
  {
    name: "playground-video",
    sample: "Find when something is seen in a video",
    height: 1010,
    async ready(page) {
      await page.locator("img.hit-frame").first().waitFor();
      await page.waitForFunction(() => {
        const video = document.querySelector("video");
        return video !== null && video.currentTime > 0 && !video.seeking && video.readyState >= 3;
      });
    },
  },
];

const [browser, server] = await Promise.all([launch(), startHttpServer()]);
try {
  for (const { name, sample, height = 800, ready } of SCENES) {
    const page = await browser.newPage({ viewport: { width: 1280, height } });
    await page.goto(server.origin);
    await page.getByRole("button", { name: sample }).click();
    await page.getByRole("button", { name: "Look", exact: true }).click();
    await page.getByText(/^Done in /).waitFor({ timeout: 120_000 });
    await ready(page);
    // Longer than the browser shows that a video was loading.
    await page.waitForTimeout(1_500);
    const shot = await page.screenshot({ animations: "disabled" });
    await sharp(shot)
      .png({ palette: true, quality: 90, effort: 10 })
      .toFile(path.join(FOLDER, `${name}.png`));
    await page.close();
  }
} finally {
  await Promise.all([browser.close(), server.close()]);
}
