/** Reading JSON whose shape nobody promised: what is not there, or is another thing, is undefined. */

export type Json = Readonly<Record<string, unknown>>;

/** Full-resolution pixels of the upright picture or page. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** The elements that are objects; none where it is no list. */
export function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

/** The elements that are text; none where it is no list. */
export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

export function boxOf(value: unknown): Box | undefined {
  if (!isJson(value)) return undefined;
  const [x, y, width, height] = [numberOf(value["x"]), numberOf(value["y"]), numberOf(value["width"]), numberOf(value["height"])];
  return x === undefined || y === undefined || width === undefined || height === undefined ? undefined : { x, y, width, height };
}
