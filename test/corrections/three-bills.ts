/** Three bills whose number no rule can tell from any other, corrected through the real server. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { billPdf } from "../documents/invoice-pdf.ts";
import { connectOverHttp, startHttpServer } from "../mcp/connect.ts";

export interface Corrected {
  /** Where the corrections are kept. */
  readonly folder: string;
  readonly ids: readonly string[];
}

export const NUMBERS = ["INV-1001", "INV-2002", "INV-3003"] as const;

interface Answer {
  readonly invoices: readonly { readonly invoice: Readonly<Record<string, unknown>> }[];
}

/** Draws the bills in `root`, has each read there by this machine's own eyes, and sends what is right. */
export async function correctThreeBills(root: string): Promise<Corrected> {
  const [bills, folder] = [path.join(root, "bills"), path.join(root, "corrections")];
  await mkdir(bills, { recursive: true });
  const server = await startHttpServer({
    args: ["--backend", "none", "--allow", bills, "--keep-corrections", folder],
    env: { XDG_CACHE_HOME: path.join(root, "cache") },
  });
  const client = await connectOverHttp(server);
  const ids: string[] = [];
  try {
    for (const number of NUMBERS) {
      const document = path.join(bills, `${number}.pdf`);
      await writeFile(document, await billPdf({ printed: { number: "" }, below: [`Docket ${number}`] }));
      const { data, isError, text } = await client.call("extract_invoice", { document });
      if (isError) throw new Error(text);
      const output = data as Answer;
      const corrected = { ...output, invoices: output.invoices.map((each) => ({ ...each, invoice: { ...each.invoice, number } })) };
      const response = await fetch(`${server.origin}/corrections`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ tool: "extract_invoice", arguments: { document }, output, corrected }),
      });
      const kept = (await response.json()) as { id: string };
      if (response.status !== 201) throw new Error(JSON.stringify(kept));
      ids.push(kept.id);
    }
  } finally {
    await client.close();
    await server.close();
  }
  return { folder, ids };
}
