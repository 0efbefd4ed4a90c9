/** A real Chromium on real pages. */
import { existsSync } from "node:fs";
// Its types know the default export alone.
// oxlint-disable-next-line import/no-named-as-default
import axe from "axe-core";
import { chromium, type Browser, type BrowserContextOptions, type Frame, type Page } from "playwright-core";

export type { Browser, Page };

/** Where Linux distributions have it; `SIGHTLINE_CHROMIUM` names another. */
const CHROMIUM = [process.env["SIGHTLINE_CHROMIUM"] ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (file) => file !== "" && existsSync(file),
);

/** Why tests that need a browser are skipped, with the command that mends it; undefined where it is there. */
export const noChromium: string | undefined = CHROMIUM === undefined ? "no Chromium: apt-get install chromium" : undefined;

export async function launch(): Promise<Browser> {
  // Chromium's sandbox does not run as root; the pages are ours.
  return chromium.launch({
    ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }),
    args: ["--no-sandbox", "--force-color-profile=srgb"],
  });
}

/** A page, and what its console said that it should not have: errors, and what its policy forbids. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  // OCR of a busy machine.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // That a token is wanted is told by a 401.
    if (message.type() === "error" && !message.text().includes("status of 401")) complaints.push(message.text());
  });
  return { page, complaints };
}

/** What axe-core finds that is serious or critical, as "rule: element". */
export async function seriousFindings(page: Page | Frame): Promise<string[]> {
  // Run as a debugger does: the page's policy lets no script in.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>("axe.run(document, { resultTypes: ['violations'] })");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
