import type { Preset } from "@sightline/core";
import type { StandInMode } from "../model/stand-in-server.ts";
import type { ChatMode } from "../model/stand-in-nvidia.ts";
import type { StandInOllamaMode } from "../model/stand-in-ollama.ts";
import type { Running } from "./subjects.ts";

/** How the stand-in of each dialect meets the questions, in turn. A dialect that is left out knows no such case. */
export interface Modes {
  readonly "openai-compatible"?: StandInMode | readonly StandInMode[];
  readonly nvidia?: ChatMode | readonly ChatMode[];
  readonly ollama?: StandInOllamaMode | readonly StandInOllamaMode[];
}

/** One demand on every backend. */
export interface Row {
  readonly name: string;
  readonly modes: Modes | ((preset: Preset) => Modes);
  /** Names of the presets whose servers do this. Default: all that have a mode. */
  readonly only?: readonly string[];
  /** Why it is nothing for the others, in a word or two. Default: "no such error". */
  readonly otherwise?: string;
  /** Which of the real servers is brought into it; left out where a real one cannot be. */
  readonly real?: "seeing" | "blind";
  run(server: Running): Promise<void>;
}

/** The same in all dialects. */
export function everywhere(mode: StandInMode & ChatMode & StandInOllamaMode): Modes {
  return { "openai-compatible": mode, nvidia: mode, ollama: mode };
}

/** OpenAI's dialect at whichever server, and Ollama in its own words. */
export function inWords(chat: StandInMode, ollama?: StandInOllamaMode): Modes {
  return { "openai-compatible": chat, nvidia: chat, ...(ollama === undefined ? {} : { ollama }) };
}

/** How a preset's server is spoken to: a NIM on one's own machine speaks plain OpenAI. */
export function wireOf(preset: Preset): keyof Modes {
  return preset.dialect === "nvidia" && !preset.quirks.includes("nvidia-hosted") ? "openai-compatible" : preset.dialect;
}

export function modesFor({ modes }: Row, preset: Preset): Modes {
  return typeof modes === "function" ? modes(preset) : modes;
}

/** Why a row is nothing for this preset; undefined when it is for it. */
export function whyNot(row: Row, preset: Preset): string | undefined {
  const applies = modesFor(row, preset)[wireOf(preset)] !== undefined && (row.only?.includes(preset.name) ?? true);
  return applies ? undefined : (row.otherwise ?? "no such error");
}
