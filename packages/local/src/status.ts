import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import * as z from "zod";

const queueCounts = z.object({
  waiting: z.number(),
  active: z.number(),
  delayed: z.number(),
  failed: z.number(),
  workers: z.number().optional(),
});

/** What is set up and what is missing, as the doors give it out. Fields that do not apply are left out. */
export const statusSchema = z.object({
  model: z
    .object({
      name: z.string().optional(),
      text_model: z.string().optional().describe("For steps without a picture, where it is another"),
      server: z.string().optional().describe("Base URL of the model server"),
      backend: z.string(),
      version: z.string().optional().describe("The server's own"),
      found_by: z.enum(["settings", "detection"]),
      because: z.string().describe("What led to this server"),
      ready: z.boolean().describe("The server answers and lists the model; after a diagnosis: it saw a picture too"),
      models: z
        .array(z.object({ name: z.string(), sees: z.boolean().optional().describe("Absent where the server does not say") }))
        .optional()
        .describe("What the server has, those that see first; at most 20"),
      models_listed: z.number().optional().describe("How many it lists altogether"),
      max_images: z.number().optional().describe("Pictures one request may carry"),
      long_side: z.number().optional().describe("Longest side in pixels that is sent"),
      context_tokens: z.number().optional().describe("Context that requests are fitted into"),
      context_in_use: z.number().optional().describe("Context the model is loaded with now, in tokens"),
      probe: z
        .object({
          ok: z.boolean(),
          seconds: z.number(),
          answer: z.string().optional().describe("The model's words on a red and blue picture"),
        })
        .optional()
        .describe("A tiny picture that was asked about; only with a diagnosis"),
    })
    .optional()
    .describe("Absent when no model is set or found"),
  pictures: z
    .object({
      where: z.enum(["this machine", "private network", "elsewhere"]),
      to: z.string().optional().describe("Host that pictures are sent to"),
      because: z.string().optional(),
      refused: z.boolean().optional().describe("True when --local-only keeps them from going there"),
    })
    .describe("Where pictures go that a model is asked about"),
  embedded: z
    .array(z.object({ ability: z.string(), by: z.string(), ready: z.boolean() }))
    .describe("What this machine sees by itself, without a model server"),
  allowed_folders: z.array(z.object({ path: z.string(), readable: z.boolean(), problem: z.string().optional() })),
  results_folder: z.string().describe("Where annotated pictures and long results are saved"),
  answers: z
    .object({ entries: z.number(), bytes: z.number(), folder: z.string(), in_use: z.boolean().describe("True with --cache") })
    .describe("Answers of models that are kept on disk"),
  redis: z
    .object({
      server: z.string(),
      calls: queueCounts.optional().describe("Long calls of servers"),
      batch: queueCounts.optional().describe("Files of batches"),
    })
    .optional()
    .describe("What is shared with other Sightlines, with --redis"),
  config_file: z.string().optional(),
  settings: z.array(z.object({ name: z.string(), source: z.string() })).describe("The settings that were given, and where"),
  missing: z.array(z.object({ what: z.string(), command: z.string().describe("The command or setting that mends it") })),
});
export type Status = z.output<typeof statusSchema>;

export type FolderStatus = Status["allowed_folders"][number];

/** Whether each allowed folder is there and can be listed. */
export function folderStatus(folders: readonly string[]): Promise<FolderStatus[]> {
  return Promise.all(
    folders.map(async (path) => {
      try {
        if (!(await stat(path)).isDirectory()) return { path, readable: false, problem: "is not a folder" };
        await access(path, constants.R_OK | constants.X_OK);
        return { path, readable: true };
      } catch (error) {
        const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
        return { path, readable: false, problem: missing ? "does not exist" : "may not be read by this user" };
      }
    }),
  );
}

/** The status in words. */
export function renderStatus(status: Status): string {
  const { embedded, allowed_folders: folders, missing } = status;
  const lines = [...modelLines(status.model), picturesLine(status.pictures)];
  lines.push("Embedded:", ...embedded.map((eye) => `  ${eye.ability}: ${eye.by}, ${eye.ready ? "ready" : "missing"}`));
  if (folders.length === 0) lines.push("Allowed folders: none");
  else
    lines.push(
      "Allowed folders:",
      ...folders.map((folder) => `  ${folder.path}${folder.problem === undefined ? "" : ` (${folder.problem})`}`),
    );
  lines.push(`Results: ${status.results_folder}`, answersLine(status.answers));
  if (status.redis !== undefined) {
    const { server, calls, batch } = status.redis;
    if (calls === undefined || batch === undefined) lines.push(`Redis: ${server}, which is away`);
    else lines.push(`Redis: ${server}`, `  calls: ${queueWords(calls)}`, `  batch: ${queueWords(batch)}`);
  }
  if (status.config_file !== undefined) lines.push(`Config file: ${status.config_file}`);
  if (status.settings.length > 0) lines.push(`Set: ${status.settings.map(({ name, source }) => `${name} (${source})`).join(", ")}`);
  if (missing.length > 0) lines.push("Missing:", ...missing.map(({ what, command }) => `  ${what}: ${command}`));
  return lines.join("\n");
}

/** "3 waiting, 2 active, 0 delayed, 1 failed; 3 workers" */
export function queueWords({ workers, ...counts }: z.output<typeof queueCounts>): string {
  const words = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return `${words.join(", ")}; ${workers ?? "unknown"} ${workers === 1 ? "worker" : "workers"}`;
}

function modelLines(model: Status["model"]): string[] {
  if (model === undefined) return ["Model: none. Pictures are read by this machine's own eyes alone."];
  const { name = "none chosen", server, backend, version, because, ready, models = [], models_listed: listed = 0 } = model;
  const kind = version === undefined ? backend : `${backend} ${version}`;
  const lines = [`Model: ${name}${server === undefined ? "" : ` at ${server}`} (${kind}; ${because}), ${ready ? "ready" : "not ready"}`];
  const facts = [
    ...(model.max_images === undefined ? [] : [`up to ${model.max_images} ${model.max_images === 1 ? "picture" : "pictures"} a request`]),
    ...(model.long_side === undefined ? [] : [`${model.long_side} px on the longest side`]),
    ...(model.context_tokens === undefined ? [] : [`requests of up to ${model.context_tokens} tokens`]),
    ...(model.context_in_use === undefined ? [] : [`loaded with ${model.context_in_use}`]),
  ];
  if (facts.length > 0) lines.push(`  ${facts.join(", ")}`);
  if (model.text_model !== undefined) lines.push(`  for text: ${model.text_model}`);
  if (model.probe !== undefined) {
    const { ok, seconds, answer } = model.probe;
    lines.push(`  asked about a tiny picture: ${ok ? `"${answer ?? ""}"` : "no usable answer"} (${seconds} s)`);
  }
  if (models.length > 0) {
    const names = models.map((each) => `${each.name}${each.sees === true ? " (sees)" : ""}`).join(", ");
    lines.push(`  the server has ${names}${listed > models.length ? `, and ${listed - models.length} more` : ""}`);
  }
  return lines;
}

function picturesLine({ where, to, because, refused }: Status["pictures"]): string {
  if (to === undefined) return "Pictures stay on this machine: no model server is asked.";
  if (refused === true) return `Pictures go nowhere: --local-only refuses ${to} (${where}).`;
  if (where === "this machine") return `Pictures stay on this machine: the model server is ${to}.`;
  return `Pictures go to ${to} (${where})${because === undefined ? "" : `, because ${because}`}.`;
}

function answersLine({ entries, bytes, folder, in_use: inUse }: Status["answers"]): string {
  const kept = `${entries} ${entries === 1 ? "answer" : "answers"}, ${bytes} bytes, in ${folder}`;
  if (inUse) return `Answers kept: ${kept}`;
  return entries === 0
    ? "Answers kept: in memory only (--cache keeps them)"
    : `Answers kept: in memory only; from earlier ${kept} (--clear-cache removes them)`;
}
