export { inputOf, taskOf } from "./correction.ts";
export type { Correction, CorrectedFile, KeptCorrection } from "./correction.ts";
export { keptPages } from "./kept-pages.ts";
export { readCorrections } from "./read.ts";
export type { ReadCorrections } from "./read.ts";
