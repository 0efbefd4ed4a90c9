import { textOf, textsOf, type Json } from "../view/json.ts";

/** The input fields that name files, whichever tool has them: the kinds of files of core's tasks, and several of one. */
export const FILE_FIELDS = ["image", "images", "document", "video"] as const;
export type FileField = (typeof FILE_FIELDS)[number];

/** The file field of a tool; undefined where it takes no file. */
export function fileFieldOf(inputSchema: Json): FileField | undefined {
  const properties = Object.keys(inputSchema["properties"] ?? {});
  return FILE_FIELDS.find((field) => properties.includes(field));
}

/** The files a call is about, as its arguments name them. */
export function filesOf(args: Json): readonly string[] {
  return FILE_FIELDS.flatMap((field) => textOf(args[field]) ?? textsOf(args[field]));
}
