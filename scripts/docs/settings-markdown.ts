import { presets } from "../../packages/core/src/index.ts";
import { CONFIG, setting, SETTING_NAMES } from "../../packages/local/src/settings/table.ts";

/** docs/settings.md, whole. */
export function settingsMarkdown(): string {
  return [
    "# Settings",
    "",
    "<!-- Generated from packages/local/src/settings/table.ts and packages/core/src/backends/presets.ts; `npx -y pnpm@12 run docs` writes it anew. -->",
    "",
    "The command line and the servers share these. What is given first wins: flag, environment variable, config file. An empty value counts as",
    "not set, and so does a `${user_config.x}` that a host left unfilled. A flag without a value has the form `--no-…` too; its variable takes",
    "`true` or `false` (`1` or `0`, `yes` or `no`), its config key a JSON boolean.",
    "",
    "| Flag | Variable | Config key | What it does | When not set |",
    "|---|---|---|---|---|",
    ...SETTING_NAMES.map(settingRow),
    "",
    `The config file is \`$XDG_CONFIG_HOME/sightline/config.json\` (\`~/.config/sightline/config.json\`); \`--${CONFIG.flag} ${CONFIG.placeholder}\` or \`${CONFIG.env}\``,
    "names another. It is one JSON object; an unknown key is an error. A relative folder in it counts from the file's own folder.",
    "",
    "```json",
    `{ "allow": ["~/Pictures", "~/Documents"], "baseUrl": "http://localhost:11434", "model": "qwen3-vl:8b" }`,
    "```",
    "",
    "## Model servers",
    "",
    "Naming one is all there is to do: `--backend` by its name here, or `--base-url` alone where its address tells what it is, or `--model` alone",
    "where a server that is found has it. With none of the three, the first of these that can see is taken: those with a key in the environment",
    "(not with `--local-only`), then those that answer on this machine where they usually are. `sightline status` says which one it was, and why.",
    "",
    "| Backend | Server | Where, unless told otherwise | Key |",
    "|---|---|---|---|",
    ...presets.map(
      ({ name, title, baseUrl, keyVariables }) =>
        `| \`${name}\` | ${title} | ${baseUrl === undefined ? "`--base-url` says" : baseUrl} | ${keyVariables.map((each) => `\`${each}\``).join(" or ")} |`,
    ),
    "",
    "`SIGHTLINE_API_KEY` goes before these variables, for a server that is named. A variable's key goes to its own vendor, or to the server of",
    "the backend that is named; never to a server that was merely found on this machine.",
    "",
    "## Files",
    "",
    "Results that are saved (annotated pictures) lie in `$XDG_CACHE_HOME/sightline/results` (`~/.cache/sightline/results`), readable by",
    "you alone; they are removed after 7 days, or sooner when they take more than 500 MB.",
    "",
    "With `--cache` the model's answers lie in `$XDG_CACHE_HOME/sightline/answers`, readable by you alone, 200 MB at most: those that were not used",
    "for longest go first. `sightline status` counts them, `sightline status --clear-cache` removes them. Errors, and answers at a temperature above 0,",
    "are never kept.",
    "",
    "Pictures at `https://` addresses are fetched directly; proxies from the environment are not used, because behind a proxy nothing",
    "could keep a request away from private addresses.",
    "",
  ].join("\n");
}

function settingRow(name: (typeof SETTING_NAMES)[number]): string {
  const { flag, env, placeholder, list, description, fallback } = setting(name);
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  return `| ${[
    placeholder === undefined ? `\`--${flag}\`, \`--no-${flag}\`` : `\`--${flag} ${placeholder}\`${list === true ? " (repeatable)" : ""}`,
    `\`${env}\`${list === true ? " (separated like PATH)" : ""}`,
    `\`${name}\`${list === true ? " (array)" : placeholder === undefined ? " (boolean)" : ""}`,
    cell(description),
    cell(fallback),
  ].join(" | ")} |`;
}
