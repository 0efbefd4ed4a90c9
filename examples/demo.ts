/**
 * `pnpm demo [file…]`: starts the built MCP server over stdio, connects a real MCP client, asks it to
 * describe and read the sample pictures, a PDF and any file given, and prints the answers with their evidence.
 * It checks itself: it fails when no person or no object with a bounding box is found, or the PDF's table is none.
 */
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
interface Description {
  description: string;
  alt_text: string;
  people: { box: Box }[];
  objects: { label: string; box: Box; confidence: number }[];
  annotated?: string;
}

const server = fileURLToPath(new URL("../packages/mcp-server/dist/sightline-mcp.js", import.meta.url));
const samples = fileURLToPath(new URL("./samples/", import.meta.url));
// pnpm runs scripts in the project's folder; INIT_CWD is where the user stands.
const given = process.argv.slice(2).map((file) => resolve(process.env["INIT_CWD"] ?? process.cwd(), file));
const pictures = [
  ...["astronaut.png", "coffee.png", "chelsea.png"].map((name) => resolve(samples, name)),
  ...given.filter((file) => !/\.pdf$/i.test(file)),
];
const documents = [...["receipt.png", "invoice.png", "invoice.pdf"].map((name) => resolve(samples, name)), ...given];
const folders = [...new Set([samples, ...given.map((file) => dirname(file))])];

const transport = new StdioClientTransport({
  command: process.execPath,
  // The demo shows what works with nothing set up, whatever this machine has.
  args: [server, "--backend", "none", ...folders.flatMap((folder) => ["--allow", folder])],
  stderr: "inherit",
});
const client = new Client({ name: "sightline-demo", version: "0.1.0" });
await client.connect(transport);
try {
  const { tools } = await client.listTools();
  print(`Connected over stdio. Tools: ${tools.map((tool) => tool.name).join(", ")}`);
  let people = 0;
  let objects = 0;
  let tables = 0;
  for (const image of pictures) {
    const { words, data } = await call("describe_image", { image, annotate: true });
    print(`\n=== describe_image ${basename(image)}\n${words}`);
    const described = data as Description;
    people += described.people.length;
    objects += described.objects.length;
  }
  for (const document of documents) {
    const { words } = await call("extract_text", { document, format: /\.pdf$/i.test(document) ? "markdown" : "plain" });
    tables += words.match(/^\|(?: --- \|){5}$/gm)?.length ?? 0;
    print(`\n=== extract_text ${basename(document)}\n${words}`);
  }
  print(`\nFound with their bounding boxes: people ${people}, objects ${objects}. The annotated pictures lie at the paths above.`);
  if (people === 0 || objects === 0) throw new Error("The samples hold at least one person and one object: the detector did not work.");
  if (tables === 0) throw new Error("The sample invoice holds a table of five columns: it was not found.");
} finally {
  await client.close();
}

async function call(name: string, input: Record<string, unknown>): Promise<{ words: string; data: unknown }> {
  const result = await client.callTool({ name, arguments: input });
  const words = (result.content as { type: string; text?: string }[]).map((block) => block.text ?? "").join("\n");
  if (result.isError === true) throw new Error(`${name} failed: ${words}`);
  return { words, data: result.structuredContent };
}

function print(words: string): void {
  process.stdout.write(`${words}\n`);
}
