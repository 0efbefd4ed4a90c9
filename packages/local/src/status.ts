import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import * as z from "zod";

/** What is set up and what is missing, as the doors give it out. Fields that do not apply are left out. */
export const statusSchema = z.object({
  model: z
    .object({
      name: z.string().optional(),
      text_model: z.string().optional(),
      server: z.string().optional().describe("Base URL of the model server"),
      backend: z.string(),
      found_by: z.enum(["settings", "detection"]),
      ready: z.boolean().describe("The server answers and lists the model"),
      max_images: z.number().optional().describe("Pictures one request may carry"),
      long_side: z.number().optional().describe("Longest side in pixels that is sent"),
    })
    .optional()
    .describe("Absent when no model is set or found"),
  embedded: z
    .array(z.object({ ability: z.string(), by: z.string(), ready: z.boolean() }))
    .describe("What this machine sees by itself, without a model server"),
  allowed_folders: z.array(z.object({ path: z.string(), readable: z.boolean(), problem: z.string().optional() })),
  results_folder: z.string().describe("Where annotated pictures and long results are saved"),
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
  const { model, embedded, allowed_folders: folders, missing } = status;
  const lines: string[] = [];
  if (model === undefined) lines.push("Model: none. Pictures are read by this machine's own eyes alone.");
  else {
    const { name = "none chosen", server, backend } = model;
    const found = model.found_by === "detection" ? ", found on this machine" : "";
    lines.push(`Model: ${name}${server === undefined ? "" : ` at ${server}`} (${backend}${found}), ${model.ready ? "ready" : "not ready"}`);
    if (model.max_images !== undefined && model.long_side !== undefined) {
      lines.push(
        `  up to ${model.max_images} ${model.max_images === 1 ? "picture" : "pictures"} a request, ${model.long_side} px on the longest side`,
      );
    }
    if (model.text_model !== undefined) lines.push(`  for text: ${model.text_model}`);
  }
  lines.push("Embedded:", ...embedded.map((eye) => `  ${eye.ability}: ${eye.by}, ${eye.ready ? "ready" : "missing"}`));
  if (folders.length === 0) lines.push("Allowed folders: none");
  else
    lines.push(
      "Allowed folders:",
      ...folders.map((folder) => `  ${folder.path}${folder.problem === undefined ? "" : ` (${folder.problem})`}`),
    );
  lines.push(`Results: ${status.results_folder}`);
  if (status.config_file !== undefined) lines.push(`Config file: ${status.config_file}`);
  if (status.settings.length > 0) lines.push(`Set: ${status.settings.map(({ name, source }) => `${name} (${source})`).join(", ")}`);
  if (missing.length > 0) lines.push("Missing:", ...missing.map(({ what, command }) => `  ${what}: ${command}`));
  return lines.join("\n");
}
