import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";
import { SAMPLES } from "../../packages/viewer/src/playground/samples.ts";
import { writeThirdPartyLicenses } from "./third-party-licenses.ts";

/** The pages that the server shows, each one file that asks for no other. */
const PAGES = [
  // The host hands over pictures; nothing is loaded from anywhere.
  { name: "app", entry: "packages/viewer/src/app/main.tsx", connect: "'none'", header: undefined },
  {
    name: "playground",
    entry: "packages/viewer/src/playground/main.tsx",
    connect: "'self'",
    header: "packages/viewer/src/playground/header.html",
  },
] as const;

/** Error messages in fifty languages, of which the page uses none. */
const ENGLISH_ALONE: Plugin = {
  name: "english-alone",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, ({ path: file }) => ({
      contents: 'export { default as en } from "./en.js";',
      loader: "js",
      resolveDir: path.dirname(file),
    }));
  },
};

/** A page's weight in bytes: what was written here, and what comes from libraries. */
export interface PageWeight {
  readonly name: string;
  readonly own: number;
  readonly libraries: number;
}

/** Most bytes of a page that were written here. */
const MAX_OWN_BYTES = 200_000;

/** Writes each page into `packages/mcp-server/dist/viewer`, with the licences of what went in, and the sample files beside it. */
export async function buildViewer(root: string): Promise<readonly PageWeight[]> {
  const folder = path.join(root, "packages/mcp-server/dist/viewer");
  await rm(folder, { recursive: true, force: true });
  await copySamples(root);
  const template = await readFile(path.join(root, "packages/viewer/src/page.html"), "utf8");
  const { outputFiles: styles } = await build({
    absWorkingDir: root,
    entryPoints: ["packages/viewer/src/page.css"],
    minify: true,
    write: false,
    target: "es2022",
    // Browsers that know light-dark() are what the page is for.
    supported: { nesting: true },
    logLevel: "warning",
  });
  const style = (styles[0]?.text ?? "").trim();
  await mkdir(folder, { recursive: true });
  const weights: PageWeight[] = [];
  const inputs: Metafile["inputs"] = {};
  for (const { name, entry, connect, header } of PAGES) {
    const { outputFiles, metafile } = await build({
      absWorkingDir: root,
      entryPoints: [entry],
      bundle: true,
      minify: true,
      format: "esm",
      platform: "browser",
      target: "es2022",
      jsx: "automatic",
      jsxImportSource: "preact",
      write: false,
      metafile: true,
      outdir: "out",
      plugins: [ENGLISH_ALONE],
      legalComments: "none",
      logLevel: "warning",
    });
    // A script ends at the first "</script", wherever it stands.
    const script = (outputFiles[0]?.text ?? "").trim().replaceAll("</script", "<\\/script");
    const policy = [
      "default-src 'none'",
      `script-src '${digest(script)}'`,
      `style-src '${digest(style)}'`,
      "img-src data:",
      "media-src blob:",
      `connect-src ${connect}`,
      "base-uri 'none'",
      "form-action 'none'",
    ].join("; ");
    // Seen before the script has run.
    const top = header === undefined ? "" : await readFile(path.join(root, header), "utf8");
    const page = template
      .replace("<!-- policy -->", () => `<meta http-equiv="Content-Security-Policy" content="${policy}" />`)
      .replace("<!-- style -->", () => `<style>${style}</style>`)
      .replace("<!-- header -->", () => top)
      .replace("<!-- script -->", () => `<script type="module">${script}</script>`);
    await writeFile(path.join(folder, `${name}.html`), page);
    const parts = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
    const libraries = parts.reduce((sum, [file, { bytesInOutput }]) => sum + (file.includes("node_modules") ? bytesInOutput : 0), 0);
    const own = Buffer.byteLength(page) - libraries;
    if (own > MAX_OWN_BYTES) throw new Error(`the page ${name} has ${own} bytes of our own, more than ${MAX_OWN_BYTES}`);
    weights.push({ name, own, libraries });
    Object.assign(inputs, metafile.inputs);
  }
  await writeThirdPartyLicenses(root, { inputs }, path.join(folder, "THIRD-PARTY-LICENSES.txt"));
  return weights;
}

async function copySamples(root: string): Promise<void> {
  const folder = path.join(root, "packages/mcp-server/dist/samples");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const { file } of SAMPLES) await copyFile(path.join(root, "examples/samples", file), path.join(folder, file));
}

function digest(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
