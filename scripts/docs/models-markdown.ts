import type { Preset, Quirk } from "../../packages/core/src/index.ts";

/** What a quirk means for what is sent or asked. */
const QUIRKS: Readonly<Record<Quirk, string>> = {
  "schema-in-prompt": "a JSON schema goes in words alone",
  "max-completion-tokens": "`max_completion_tokens` in place of `max_tokens`",
  "llama-props": "vision and context from `GET /props`",
  "lm-studio-list": "vision and context from `GET /api/v0/models`",
  "version-route": "version from `GET /version`",
  "nvidia-hosted":
    "pictures of Llama 3.2 Vision as `<img>` tags, under 180,000 characters, larger ones as assets; answers that come later (202)",
};

const DIALECTS: Readonly<Record<Preset["dialect"], string>> = {
  ollama: "Ollama's own `/api/chat`",
  "openai-compatible": "`/chat/completions`",
  nvidia: "`/chat/completions`",
};

/** Requests at a time where a preset says nothing (`serverQueue` in packages/local). */
const AT_A_TIME = 4;

/** The presets as a table: what each server is sent, and its limits as far as they are the server's. */
export function presetTable(presets: readonly Preset[]): string {
  const rows = presets.map(({ name, dialect, maxImages, maxImageBytes, concurrency = AT_A_TIME, quirks }) => [
    `\`${name}\``,
    DIALECTS[dialect],
    maxImages === undefined ? "the model's" : String(maxImages),
    maxImageBytes === undefined ? "" : `${(maxImageBytes / 1e6).toFixed(2).replace(/0$/, "")} MB`,
    String(concurrency),
    quirks.map((quirk) => QUIRKS[quirk]).join("; "),
  ]);
  const head = ["Backend", "Speaks", "Pictures a request", "Largest picture", "Questions at a time", "Departs by"];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
