import path from "node:path";
import type { Browser, FrameLocator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SAMPLES, startHttpServer, type HttpServer } from "../mcp/connect.ts";
import { launch, noChromium, openPage, seriousFindings } from "./browser.ts";
import type { HostRequest } from "./host/host.ts";
import { serveHost, type AppsHost } from "./host/serve-host.ts";

describe.skipIf(noChromium !== undefined)(`the viewer in a host of MCP Apps (${noChromium ?? "Chromium is there"})`, () => {
  let browser: Browser;
  let server: HttpServer;
  let host: AppsHost;
  let complaints: string[] = [];

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(), startHttpServer()]);
    host = await serveHost(server);
  });
  afterAll(async () => {
    await browser?.close();
    await host?.close();
    await server?.close();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    if (complaints.length > 0) throw new Error(complaints.join("\n"));
  });

  /** Calls the tool as a chat would; what its page shows. */
  async function show(
    request: Omit<HostRequest, "sandbox" | "theme">,
    theme: HostRequest["theme"] = "light",
    at = host,
  ): Promise<[FrameLocator, Page]> {
    const opened = await openPage(browser);
    complaints = opened.complaints;
    await opened.page.goto(at.origin);
    await opened.page.waitForFunction("'show' in globalThis");
    await opened.page.evaluate((asked) => (globalThis as unknown as { show(asked: unknown): Promise<void> }).show(asked), {
      ...request,
      theme,
      sandbox: at.sandbox,
    });
    return [opened.page.frameLocator("iframe").frameLocator("iframe"), opened.page];
  }

  it("shows a picture with what was found on it, in the host's colors", async () => {
    const [app, page] = await show({ tool: "describe_image", arguments: { image: path.join(SAMPLES, "park.jpg") } }, "dark");
    await app.locator(".sheet img").waitFor();
    expect(await app.locator("rect").count()).toBe(2);
    expect(await app.locator("html").getAttribute("data-theme")).toBe("dark");
    await app.getByRole("button", { name: /^person 1/ }).hover();
    await app.locator(".active-frame").getByText("person 1").waitFor();
    const frame = page.frames().at(-1);
    expect(frame && (await seriousFindings(frame))).toEqual([]);
  });

  it("shows an invoice, asks the server for the places of its values when the agent did not, and marks what failed", async () => {
    const [app] = await show({ tool: "extract_invoice", arguments: { document: path.join(SAMPLES, "invoice.pdf") } });
    await app.getByRole("button", { name: "Show where each value stands" }).click();
    await app.locator("rect.doubtful").waitFor();
    await app.getByRole("textbox", { name: "Gross" }).click();
    await app.locator(".active-frame").getByText("848.23").waitFor();
    await app.getByText("its check digit is wrong").first().waitFor();
  });

  it("follows a call that became a job to its end", async () => {
    const quick = await startHttpServer({ args: ["--backend", "none", "--allow", SAMPLES, "--answer-within", "0.05"] });
    const other = await serveHost(quick);
    try {
      const [app] = await show({ tool: "extract_text", arguments: { document: path.join(SAMPLES, "receipt.png") } }, "light", other);
      await app.getByText("HARBOUR STREET BAKERY").waitFor();
      await app.locator(".sheet img").waitFor();
    } finally {
      for (const context of browser.contexts()) await context.close();
      await other.close();
      await quick.close();
    }
  });

  it("says in words what went wrong", async () => {
    const [app] = await show({ tool: "describe_image", arguments: { image: path.join(SAMPLES, "nowhere.png") } });
    await app.getByText(/InputError: .*nowhere\.png/).waitFor();
  });
});
