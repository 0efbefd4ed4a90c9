export { locateByEyes, locateText } from "./by-eyes.ts";
export { locateByModel } from "./by-model.ts";
export type { Located, LocateContext, Task } from "./locating.ts";
export { METHODS } from "./locating.ts";
export { lookFor } from "./look-for.ts";
