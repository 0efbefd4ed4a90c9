export { matchObject, selectObjects } from "./match-object.ts";
export type { ObjectMatch, SeenObject, SeenPicture, SelectedObject } from "./match-object.ts";
export { classesNamed, LONGEST_QUERY, parseVisualQuery } from "./parse-visual-query.ts";
export { isLookable, thingAskedFor, unjudgedSentence } from "./visual-query.ts";
export type { VisualQuery } from "./visual-query.ts";
