import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { it } from "./it.ts";
import { nl } from "./nl.ts";
import { pt } from "./pt.ts";
import type { Words } from "./words.ts";
import { zh } from "./zh.ts";

/** Every language whose words are known; those with `measured: false` have no corpus behind them. */
export const LANGUAGES: readonly Words[] = [en, de, fr, es, it, nl, pt, zh];
