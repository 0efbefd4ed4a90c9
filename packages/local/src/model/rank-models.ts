import { familyOf, type ListedModel, type Preset } from "@sightline/core";

/**
 * Families that see, in the order of what they are worth for describing and asking, by how their names begin on any server. Open weights come first:
 * whoever offers them says which of many it has; then the vendors' own, of each the middle size. Llama 3.2 Vision is not among them: most servers that list it can
 * no longer load it. Neither are GPT-4o and 4.1, which end on 2027-01-14.
 */
const SEEING: readonly RegExp[] = [
  /^gemma-?4/,
  /^qwen-?3-?vl(?!.*thinking)/,
  /^qwen-?3\.5/,
  /^qwen-?2\.5-?vl/,
  // The smallest two of Gemma 3 see nothing.
  /^gemma-?3(?!n)(?!.*\b(?:1b|270m)\b)/,
  /^mistral-small-?3(?!\.0)/,
  /^ministral-3/,
  /^llama-?4/,
  /^minicpm-v/,
  /^granite-?3\.2-vision/,
  /^llava/,
  /^moondream/,
  /^claude-sonnet/,
  /^claude-(?:haiku|opus)/,
  /^gemini-\d+(?:\.\d+)?-flash$/,
  /^gemini-\d+(?:\.\d+)?-pro$/,
  /^gpt-[5-9](?:\.\d+)?-mini$/,
  /^gpt-[5-9](?:\.\d+)?$/,
];

/** For steps without a picture. */
const WRITING: readonly RegExp[] = [/^llama-?3\.2/, /^gemma/, /^qwen-?3/, /^llama-?3/, /^mistral/];

export interface PassedOver {
  readonly id: string;
  /** Why it is not chosen by itself, though it could be named. */
  readonly why: string;
}

export interface ModelPick {
  /** Undefined when none can be chosen without asking. */
  readonly model?: string;
  readonly passedOver: readonly PassedOver[];
}

/** The best model for pictures among those a server lists. One that is alone on a server that was started with it is taken as it is. */
export function pickVisionModel(models: readonly ListedModel[], dialect: Preset["dialect"]): ModelPick {
  const talking = models.filter(({ chat }) => chat !== false);
  const [only] = talking;
  if (dialect !== "ollama" && talking.length === 1 && only !== undefined && only.vision !== false)
    return { model: only.id, passedOver: [] };

  const seeing = ranked(
    talking.filter(
      ({ id, vision }) => vision ?? (SEEING.some((family) => family.test(baseName(id))) || reasonAgainst({ id }) !== undefined),
    ),
    SEEING,
  );
  const passedOver = seeing.flatMap((model) => {
    const why = reasonAgainst(model);
    return why === undefined ? [] : [{ id: model.id, why }];
  });
  const best = seeing.find((model) => reasonAgainst(model) === undefined);
  return { ...(best === undefined ? {} : { model: best.id }), passedOver };
}

/** The best of the models that write and do not see; undefined when the server has none, or does not say. */
export function pickTextModel(models: readonly ListedModel[]): string | undefined {
  const writing = models.filter(({ chat, vision, remoteHost }) => chat !== false && vision === false && remoteHost === undefined);
  return ranked(writing, WRITING)[0]?.id;
}

/** Whether a server's list has this model. Ollama lists "gemma4:latest" and answers to "gemma4"; Gemini puts "models/" before its names. */
export function hasModel(models: readonly ListedModel[], name: string): boolean {
  return listedAs(models, name) !== undefined;
}

export function listedAs(models: readonly ListedModel[], name: string): ListedModel | undefined {
  return models.find(({ id }) => id === name || id === `${name}:latest` || id === `models/${name}`);
}

/** Without whose it is: "google/gemma-4-31b-it" -> "gemma-4-31b-it". */
function baseName(id: string): string {
  return (id.split("/").at(-1) ?? id).toLowerCase();
}

/** By family, then the largest first: who installed it can run it. Where sizes are not told the names' numbers speak. */
function ranked(models: readonly ListedModel[], families: readonly RegExp[]): ListedModel[] {
  const rank = ({ id }: ListedModel): number => {
    const at = families.findIndex((family) => family.test(baseName(id)));
    return at === -1 ? families.length : at;
  };
  const newest = new Intl.Collator("en", { numeric: true });
  return models.toSorted(
    (a, b) => rank(a) - rank(b) || (b.sizeBytes ?? 0) - (a.sizeBytes ?? 0) || newest.compare(baseName(b.id), baseName(a.id)),
  );
}

function reasonAgainst({ id, remoteHost }: ListedModel): string | undefined {
  if (remoteHost !== undefined) return `runs on ${remoteHost}: pictures would leave this machine`;
  if (familyOf(id).name === "Llama 3.2 Vision") return "Llama 3.2 Vision, which few servers can still load";
  if (baseName(id).startsWith("gpt-4")) return "ends on 2027-01-14";
  return undefined;
}
