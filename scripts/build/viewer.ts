import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";

/** The pages that the server shows, each one file that asks for no other. */
const PAGES = [
  // The host hands over pictures; nothing is loaded from anywhere.
  { name: "app", entry: "packages/viewer/src/app/main.tsx", connect: "'none'" },
  { name: "playground", entry: "packages/viewer/src/playground/main.tsx", connect: "'self'" },
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

/** Writes each page into `packages/mcp-server/dist/viewer`. */
export async function buildViewer(root: string): Promise<{ readonly weights: readonly PageWeight[]; readonly metafiles: readonly Metafile[] }> {
  const folder = path.join(root, "packages/mcp-server/dist/viewer");
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
  const metafiles: Metafile[] = [];
  for (const { name, entry, connect } of PAGES) {
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
      "img-src blob: data:",
      "media-src blob:",
      `connect-src ${connect}`,
      "base-uri 'none'",
      "form-action 'none'",
    ].join("; ");
    const page = template.replace("%POLICY%", () => policy).replace("%STYLE%", () => style).replace("%SCRIPT%", () => script);
    await writeFile(path.join(folder, `${name}.html`), page);
    const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
    const libraries = inputs.reduce((sum, [file, { bytesInOutput }]) => sum + (file.includes("node_modules") ? bytesInOutput : 0), 0);
    weights.push({ name, own: Buffer.byteLength(page) - libraries, libraries });
    metafiles.push(metafile);
  }
  return { weights, metafiles };
}

function digest(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
