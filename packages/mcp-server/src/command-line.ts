import { parseArgs } from "node:util";
import { InputError } from "@sightline/core/errors";
import { settingFlags, settingUsage, type FlagValues } from "@sightline/local/settings";

export type Command = { readonly kind: "help" } | { readonly kind: "version" } | { readonly kind: "serve"; readonly flags: FlagValues };

/** What the command line asks for. InputError for a flag that does not exist or lacks its value. */
export function parseCommandLine(args: readonly string[]): Command {
  const options = { ...settingFlags(), help: { type: "boolean", short: "h" }, version: { type: "boolean", short: "v" } } as const;
  try {
    const { values, positionals: folders } = parseArgs({
      args: [...args],
      options,
      strict: true,
      allowPositionals: true,
      allowNegative: true,
    });
    const { help, version, ...flags }: Record<string, unknown> = values;
    if (help === true) return { kind: "help" };
    if (version === true) return { kind: "version" };
    // Hosts that let people choose several folders hand them over one after the other.
    return { kind: "serve", flags: folders.length === 0 ? flags : { ...flags, allow: [flags["allow"] ?? [], folders].flat() } };
  } catch (error) {
    throw new InputError(error instanceof Error ? error.message : String(error), { hint: "sightline-mcp --help lists the flags." });
  }
}

export function usage(): string {
  const rows = [
    ...settingUsage("server"),
    { flag: "-h, --help", description: "Show this." },
    { flag: "-v, --version", description: "Show the version." },
  ];
  const width = Math.max(...rows.map(({ flag }) => flag.length)) + 2;
  return [
    "sightline-mcp: eyes for agents, as an MCP server over standard input and output.",
    "",
    "Usage: sightline-mcp [flags] [DIR]...",
    "",
    "DIR is a folder whose files may be read, as --allow DIR is.",
    "",
    ...rows.map(({ flag, description }) => `  ${flag.padEnd(width)}${description}`),
    "",
    "A host starts it, for example: claude mcp add sightline -- npx -y @sightline/mcp-server --allow ~/Pictures",
  ].join("\n");
}
