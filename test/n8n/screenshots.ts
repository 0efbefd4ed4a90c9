/**
 * Takes the pictures of n8n's editor that the READMEs show, from a real n8n with the packed node and Debian's Chromium.
 * `npx -y pnpm@12 run screenshots:n8n`; CHROMIUM names another browser.
 */
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page, selectors } from "playwright-core";
import { tasks } from "@sightline/core";
import { nodeOperations } from "../../scripts/n8n/operation.ts";
import { example, webhookFlow } from "./flows.ts";
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

/** What a user would have filled in, by operation. */
const FILLED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "image:ask": { question: "Which of these boxes is open?" },
  "image:locate": { query: "the woman in the striped top" },
  "image:classify": { labels: "receipt, invoice, screenshot" },
  "document:extractInvoice": { binaryPropertyName: "all" },
  "document:extractData": {
    dataFields: {
      field: [
        { name: "monthly_rent", type: "amount", description: "rent a month, without heating" },
        { name: "start", type: "date", description: "" },
      ],
    },
  },
  "video:search": { query: "a person dressed in black" },
  "text:summarize": { text: "={{ $json.text }}" },
  "text:translate": { text: "={{ $json.text }}", language: "German" },
  "text:classify": { text: "={{ $json.text }}", labels: "complaint, praise, question" },
};

/** The parameters of each operation, cut out of the panel of its node. */
async function takeOperations(page: Page, n8n: N8n, credentials: Readonly<Record<string, string>>): Promise<void> {
  for (const { resource, value, task } of nodeOperations(tasks)) {
    const does = `${resource}:${value}`;
    const isModels = !task.doors.includes("mcp");
    const way = isModels ? "sightlineModelApi" : "sightlineServerApi";
    const model = isModels ? { model: { __rl: true, mode: "id", value: "qwen3-vl:8b" } } : {};
    const name = does.replace(":", "-");
    const flow = webhookFlow({ webhook: name, way, does, parameters: { ...model, ...FILLED[does] } });
    const id = await n8n.saved(flow, credentials);
    await page.goto(`${n8n.url}/workflow/${id}/3`);
    const adding = page.getByPlaceholder("Add option");
    await adding.waitFor();
    await atRest(page);
    const panel = await page.getByTestId("node-parameters").boundingBox();
    const last = await adding.boundingBox();
    if (panel === null || last === null) throw new Error(`the parameters of ${does} are not in sight`);
    const clip = { ...panel, height: last.y + last.height + 16 - panel.y };
    await page.screenshot({ path: `${PICTURES}n8n/${name}.png`, clip });
  }
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

  const sightlineModelApi = await n8n.credential("Ollama", "sightlineModelApi", {
    provider: "ollama",
    baseUrl: "http://127.0.0.1:11434",
    apiKey: "",
  });
  await page.setViewportSize({ ...VIEWPORT, height: 1200 });
  await takeOperations(page, n8n, { sightlineServerApi, sightlineModelApi });
} finally {
  await browser.close();
  await facts.close();
}
