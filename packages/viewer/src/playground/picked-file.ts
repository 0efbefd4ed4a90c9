import type { FileField } from "../call/files.ts";

/** A file that a call is to be about. */
export interface PickedFile {
  /** As the person knows it. */
  readonly name: string;
  readonly kind: FileKind;
  /** Where its bytes are at hand: what was dropped, pasted or picked. A path or an address is the server's to read. */
  readonly file?: File;
}

export type FileKind = "image" | "pdf" | "xml" | "video";

const BY_ENDING: Readonly<Record<string, FileKind>> = {
  pdf: "pdf",
  xml: "xml",
  mp4: "video",
  m4v: "video",
  mov: "video",
  webm: "video",
  mkv: "video",
  avi: "video",
};

/** What a file is by the browser's word and its name. The server looks at its bytes. */
export function kindOf(name: string, mediaType = ""): FileKind {
  if (mediaType === "application/pdf") return "pdf";
  if (mediaType.startsWith("video/")) return "video";
  if (mediaType.endsWith("/xml")) return "xml";
  return BY_ENDING[/\.([a-z0-9]+)(?:[?#].*)?$/i.exec(name)?.[1]?.toLowerCase() ?? ""] ?? "image";
}

export function fromFile(file: File): PickedFile {
  return { name: file.name === "" ? "pasted" : file.name, kind: kindOf(file.name, file.type), file };
}

/** What each file field of a tool takes. */
const TAKES: Readonly<Record<FileField, readonly FileKind[]>> = {
  image: ["image"],
  images: ["image", "pdf"],
  document: ["image", "pdf", "xml"],
  video: ["video"],
};

export function takes(field: FileField, files: readonly PickedFile[]): boolean {
  return files.every(({ kind }) => TAKES[field].includes(kind));
}

/** For the browser's own file dialog. */
export const ACCEPT = "image/*,application/pdf,.pdf,application/xml,text/xml,.xml,video/*";
