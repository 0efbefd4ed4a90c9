import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Metafile } from "esbuild";

/** The package folder a bundled file lies in, when that is somebody else's: the part up to the name after the last `node_modules/`. */
function packageFolder(file: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

/** Writes the name, version and licence text of every package whose code went into a bundle, as their licences ask. */
export async function writeThirdPartyLicenses(root: string, metafile: Pick<Metafile, "inputs">, output: string): Promise<void> {
  const folders = new Set(Object.keys(metafile.inputs).map(packageFolder));
  const notices = await Promise.all(
    [...folders]
      .filter((folder) => folder !== undefined)
      .map(async (folder) => {
        const home = path.join(root, folder);
        const { name, version, license } = JSON.parse(await readFile(path.join(home, "package.json"), "utf8")) as Record<string, string>;
        const file = (await readdir(home)).find((each) => /^licen[cs]e/i.test(each));
        const text = file === undefined ? `Licence: ${license}` : await readFile(path.join(home, file), "utf8");
        return `${name} ${version} (${license})\n\n${text.trim()}\n`;
      }),
  );
  await writeFile(output, notices.toSorted().join(`\n${"-".repeat(80)}\n\n`));
}
