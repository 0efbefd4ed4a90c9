import { useMemo } from "preact/hooks";
import type { ReadResource } from "../call/server-pixels.ts";
import { serverPixels } from "../call/server-pixels.ts";
import type { PagePicture, Pixels } from "../view/pixels.ts";
import { Sheets } from "../parts/sheets.tsx";
import type { PickedFile } from "./picked-file.ts";
import type { Uploads } from "./uploads.ts";

interface PreviewProps {
  readonly files: readonly PickedFile[];
  readonly video: string | undefined;
  readonly references: Uploads;
  readonly read: ReadResource;
}

/** The file that was picked, before anything was asked about it. */
export function Preview({ files, video, references, read }: PreviewProps) {
  const pixels = useMemo(() => previewPixels(files, references, read), [files, references, read]);
  if (video !== undefined) return <video class="preview" src={video} controls muted playsInline />;
  if (files.some(({ kind }) => kind === "video" || kind === "xml")) return null;
  return <Sheets pixels={pixels} marks={[]} active={undefined} onPoint={() => {}} onPick={() => {}} />;
}

function previewPixels(files: readonly PickedFile[], references: Uploads, read: ReadResource): Pixels {
  let opened: Promise<Pixels> | undefined;
  const open = (): Promise<Pixels> =>
    (opened ??= Promise.all(files.map((file) => references.of(file))).then((named) => serverPixels(named, [], read)));
  return {
    files: files.length,
    page: async (file, page): Promise<PagePicture> => (await open()).page(file, page),
    saved: async (reference) => (await open()).saved(reference),
  };
}
