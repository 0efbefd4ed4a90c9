/**
 * Takes the pictures of n8n's editor that the READMEs show, from a real n8n with the packed node and Debian's Chromium.
 * `npx -y pnpm@12 run screenshots:n8n`; CHROMIUM names another browser.
 */
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page, selectors } from "playwright-core";
import { example } from "./flows.ts";
import { connectN8n, type N8n, startN8n } from "./n8n.ts";

const PICTURES = fileURLToPath(new URL("../../docs/pictures/", import.meta.url));
const BROWSER = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const VIEWPORT = { width: 1360, height: 760 };

/** A page of the editor, logged in as the owner. */
async function editor(browser: Browser, { url, cookie }: N8n): Promise<Page> {
  const context = await browser.newContext({ viewport: VIEWPORT, colorScheme: "light", reducedMotion: "reduce" });
  await context.addCookies(
    cookie.split("; ").map((each) => {
      const at = each.indexOf("=");
      return { name: each.slice(0, at), value: each.slice(at + 1), url };
    }),
  );
  return context.newPage();
}

/** The workflow as the editor shows it, all of it in sight. */
async function openWorkflow(page: Page, { url }: N8n, id: string, node: string): Promise<void> {
  await page.goto(`${url}/workflow/${id}`);
  await page.getByText(node, { exact: true }).first().waitFor();
  await page.getByTestId("zoom-to-fit").click();
  // Nothing is under the pointer.
  await page.mouse.move(VIEWPORT.width / 2, 5);
  await atRest(page);
}

async function atRest(page: Page): Promise<void> {
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== "running"));
}

selectors.setTestIdAttribute("data-test-id");
const facts = await startN8n();
const browser = await chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox"] });
try {
  const n8n = connectN8n(facts);
  const sightlineServerApi = await n8n.credential("Sightline Server", "sightlineServerApi", {
    baseUrl: "http://127.0.0.1:8420",
    token: "",
  });
  const imap = await n8n.credential("Mailbox", "imap", { user: "me", password: "-", host: "127.0.0.1", port: 143, secure: false });
  const page = await editor(browser, n8n);
  // The first start of an editor takes its time on a busy machine.
  page.setDefaultTimeout(120_000);

  await openWorkflow(page, n8n, await n8n.saved(example("invoices-from-email"), { imap, sightlineServerApi }), "Extract Invoice");
  await page.screenshot({ path: `${PICTURES}n8n-invoices.png` });
  // The label lets clicks through to the canvas; the node's tile is right above it.
  const label = await page.getByText("Extract Invoice", { exact: true }).first().boundingBox();
  if (label === null) throw new Error("the node is not in sight");
  await page.mouse.dblclick(label.x + label.width / 2, label.y - 50);
  await page.getByText("Input Binary Field").waitFor();
  await atRest(page);
  await page.screenshot({ path: `${PICTURES}n8n-node.png` });

  await openWorkflow(page, n8n, await n8n.saved(example("camera-clip-search"), { sightlineServerApi }), "Search Clip");
  await page.screenshot({ path: `${PICTURES}n8n-camera.png` });
} finally {
  await browser.close();
  await facts.close();
}
