/**
 * The questions the project started from, word for word: `pnpm --dir examples prompts`. Each is answered twice: by this machine's own eyes with no model at
 * all, and with a stand-in for Llama 3.2 Vision behind a real HTTP server, whose rule stands beside each question. Exit code 1 when an answer is wrong.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createHost, loadSettings } from "@sightline/local";
import { startStandInModel } from "../../test/model/stand-in-server.ts";
import { noFfmpeg } from "../../test/video/make-video.ts";
import { picturePrompts } from "./pictures.ts";
import { makeParkVideo, videoPrompts } from "./videos.ts";

const samples = fileURLToPath(new URL("../samples/", import.meta.url));
const folder = await mkdtemp(path.join(tmpdir(), "sightline-prompts-"));
if (noFfmpeg === undefined) await makeParkVideo(folder);
else process.stderr.write(`The questions about videos are left out: ${noFfmpeg}\n`);
const PROMPTS = [
  ...picturePrompts.map((prompt) => ({ ...prompt, folder: samples })),
  ...(noFfmpeg === undefined ? videoPrompts.map((prompt) => ({ ...prompt, folder })) : []),
];

let asked = PROMPTS[0];
const server = await startStandInModel({
  model: "llama3.2-vision:11b",
  mode: "verbatim",
  text: (request) => asked?.standIn(request) ?? "",
});
const hosts = {
  "No model": createHost(await loadSettings({ flags: { allow: [samples, folder], backend: "none" }, env: {} })),
  "Stand-in model": createHost(
    await loadSettings({ flags: { allow: [samples, folder], "base-url": server.baseUrl, model: server.model }, env: {} }),
  ),
};
try {
  for (const prompt of PROMPTS) {
    asked = prompt;
    process.stdout.write(`\n### ${prompt.words}\n\nOn \`${prompt.file}\`.\n`);
    for (const [name, host] of Object.entries(hosts)) {
      const context = await host.context({ signal: AbortSignal.timeout(120_000) });
      const answer = await prompt.answer(path.join(prompt.folder, prompt.file), prompt.words, context);
      process.stdout.write(`\n${name}:\n\n\`\`\`\n${answer}\n\`\`\`\n`);
    }
  }
} finally {
  for (const host of Object.values(hosts)) await host.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
}
