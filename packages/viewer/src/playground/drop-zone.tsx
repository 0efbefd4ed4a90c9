import { useEffect, useId, useRef, useState } from "preact/hooks";
import { ACCEPT, fromFile, kindOf, type PickedFile } from "./picked-file.ts";
import { SAMPLES, type Sample } from "./samples.ts";

interface DropZoneProps {
  readonly files: readonly PickedFile[];
  onFiles(files: readonly PickedFile[]): void;
  onSample(sample: Sample): void;
}

/** Where a file comes in: dropped anywhere on the page, pasted, picked, or named by its path or address. */
export function DropZone({ files, onFiles, onSample }: DropZoneProps) {
  const picker = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [reference, setReference] = useState("");
  const id = useId();
  const take = (list: FileList | undefined | null): void => {
    if (list !== undefined && list !== null && list.length > 0) onFiles([...list].map(fromFile));
  };

  useEffect(() => {
    const drag = (event: DragEvent): void => {
      event.preventDefault();
      setOver(event.type === "dragover");
      if (event.type === "drop") take(event.dataTransfer?.files);
    };
    const paste = (event: ClipboardEvent): void => take(event.clipboardData?.files);
    for (const type of ["dragover", "dragleave", "drop"] as const) document.addEventListener(type, drag);
    document.addEventListener("paste", paste);
    return () => {
      for (const type of ["dragover", "dragleave", "drop"] as const) document.removeEventListener(type, drag);
      document.removeEventListener("paste", paste);
    };
  });

  return (
    <section class={`drop card ${over ? "is-over" : ""}`} aria-label="File">
      {files.length === 0 ? (
        <h2 class="drop-words">Drop or paste a picture, a PDF or a video</h2>
      ) : (
        <ul class="picked">
          {files.map(({ name, kind, file }, index) => (
            <li key={`${name}-${index}`}>
              <span class="picked-kind">{kind === "image" ? "picture" : kind.toUpperCase().replace("VIDEO", "video")}</span>
              <span class="picked-name">{name}</span>
              {file !== undefined && <small>{size(file.size)}</small>}
            </li>
          ))}
        </ul>
      )}
      <div class="drop-row">
        <button type="button" class={files.length === 0 ? "primary" : "quiet"} onClick={() => picker.current?.click()}>
          {files.length === 0 ? "Choose a file" : "Choose another"}
        </button>
        <input
          ref={picker}
          type="file"
          class="only-read"
          tabIndex={-1}
          aria-label="Choose a file"
          accept={ACCEPT}
          multiple
          onChange={(event) => {
            take(event.currentTarget.files);
            event.currentTarget.value = "";
          }}
        />
        {files.length > 0 && (
          <button type="button" class="quiet" onClick={() => onFiles([])}>
            Remove
          </button>
        )}
      </div>
      <details class="by-name">
        <summary>Or name one that the server can read</summary>
        <form
          class="drop-row"
          onSubmit={(event) => {
            event.preventDefault();
            const name = reference.trim();
            if (name !== "") onFiles([{ name, kind: kindOf(name) }]);
          }}
        >
          <label for={id} class="only-read">
            Path or https:// address
          </label>
          <input
            id={id}
            type="text"
            placeholder="/home/me/scan.pdf or https://…"
            value={reference}
            onInput={(event) => setReference(event.currentTarget.value)}
          />
          <button type="submit" class="quiet">
            Use it
          </button>
        </form>
      </details>
      {files.length === 0 && (
        <div class="samples">
          <h3>Or try one of these</h3>
          <ul>
            {SAMPLES.map((sample) => (
              <li key={sample.file}>
                <button type="button" class="sample" onClick={() => onSample(sample)}>
                  {sample.title} <small>{sample.file}</small>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))}\u00A0KB` : `${(bytes / 1_000_000).toFixed(1)}\u00A0MB`;
}
