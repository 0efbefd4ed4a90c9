import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { fileFieldOf } from "../call/files.ts";
import { followJob, type Progress } from "../call/follow-job.ts";
import { serverPixels } from "../call/server-pixels.ts";
import { messageOf } from "../parts/use-loaded.ts";
import { Working } from "../parts/working.tsx";
import type { Json } from "../view/json.ts";
import type { Connection } from "./connection.ts";
import { DropZone } from "./drop-zone.tsx";
import { Outcome } from "./outcome.tsx";
import { toArguments, type FormValue, type FormValues } from "./parameters.ts";
import { fromFile, takes, type PickedFile } from "./picked-file.ts";
import { Preview } from "./preview.tsx";
import type { Sample } from "./samples.ts";
import { ToolForm } from "./tool-form.tsx";
import type { FinishedCall } from "./finished-call.ts";
import { useUploads } from "./uploads.ts";

type Call =
  | { readonly kind: "none" }
  | { readonly kind: "running"; readonly progress: Progress; readonly stop: AbortController }
  | { readonly kind: "finished"; readonly call: FinishedCall }
  | { readonly kind: "stopped"; readonly message: string; readonly cancelled: boolean };

/** File, task and answer. */
export function Workbench({ connection }: { connection: Connection }) {
  const [files, setFiles] = useState<readonly PickedFile[]>([]);
  const [tool, setTool] = useState<string | undefined>(undefined);
  const [values, setValues] = useState<FormValues>({});
  const [call, setCall] = useState<Call>({ kind: "none" });
  const count = useRef(0);
  // The call whose news are shown; those of one that was left behind are not.
  const current = useRef<AbortController | undefined>(undefined);
  const references = useUploads(connection);

  const tools = useMemo(() => connection.tools.filter(({ inputSchema }) => fileFieldOf(inputSchema) !== undefined), [connection]);
  const fitting = tools.filter(({ inputSchema }) => {
    const field = fileFieldOf(inputSchema);
    return field !== undefined && takes(field, files) && (field === "images" || files.length <= 1);
  });
  const chosen = fitting.find(({ name }) => name === tool) ?? fitting[0];
  const video = useObjectUrl(files.find(({ kind }) => kind === "video")?.file);

  function pick(picked: readonly PickedFile[]): void {
    current.current?.abort();
    current.current = undefined;
    setFiles(picked);
    setCall({ kind: "none" });
  }

  async function trySample(sample: Sample): Promise<void> {
    try {
      const file = await connection.sample(sample.file);
      pick([fromFile(file)]);
      setTool(sample.tool);
      setValues(sample.values);
    } catch (error) {
      setCall({ kind: "stopped", message: messageOf(error), cancelled: false });
    }
  }

  async function run(): Promise<void> {
    if (chosen === undefined || files.length === 0) return;
    const stop = new AbortController();
    current.current = stop;
    const tell = (news: Call): void => {
      if (current.current === stop) setCall(news);
    };
    const onProgress = (progress: Progress): void => {
      if (!stop.signal.aborted) tell({ kind: "running", progress, stop });
    };
    onProgress({ message: "Handing the file over" });
    const began = performance.now();
    try {
      const args = toArguments(chosen.inputSchema, values);
      const named = await Promise.all(files.map((file) => references.of(file, stop.signal)));
      const field = fileFieldOf(chosen.inputSchema) ?? "image";
      const input: Json = { [field]: field === "images" ? named : named[0], ...args };
      onProgress({ message: "Asking the server" });
      const options = { signal: stop.signal, onProgress };
      const result = await followJob(await connection.call(chosen.name, input, options), connection.call, options);
      count.current += 1;
      const seconds = (performance.now() - began) / 1000;
      tell({ kind: "finished", call: { id: count.current, tool: chosen, input, files, references: named, result, seconds } });
    } catch (error) {
      const cancelled = stop.signal.aborted;
      tell({ kind: "stopped", cancelled, message: cancelled ? "Cancelled. Nothing goes on at the server." : messageOf(error) });
    }
  }

  const shown = call.kind === "finished" ? call.call : undefined;
  const pixels = useMemo(
    () => (shown === undefined ? undefined : serverPixels(shown.references, shown.result.links, connection.read)),
    [shown, connection],
  );
  const dropZone = <DropZone files={files} onFiles={pick} onSample={(sample) => void trySample(sample)} />;
  const stopped = call.kind === "stopped" && (
    <p class={call.cancelled ? "words" : "failure"} role="alert">
      {call.message}
    </p>
  );
  if (files.length === 0) {
    return (
      <div class="welcome">
        {dropZone}
        {stopped}
      </div>
    );
  }
  return (
    <div class="bench">
      <div class="asking">
        {dropZone}
        <ToolForm
          tools={fitting}
          chosen={chosen}
          values={values}
          busy={call.kind === "running"}
          ready={chosen !== undefined}
          onTool={setTool}
          onValue={(name: string, value: FormValue) => setValues((before) => ({ ...before, [name]: value }))}
          onRun={() => void run()}
          onCancel={() => call.kind === "running" && call.stop.abort(new Error("cancelled"))}
        />
      </div>
      <section class="answering card" aria-label="Answer" aria-busy={call.kind === "running"}>
        {call.kind === "running" && <Working progress={call.progress} />}
        {stopped}
        {shown !== undefined && <Outcome key={shown.id} call={shown} pixels={pixels} video={video} keep={connection.keep} />}
        {call.kind !== "finished" && <Preview files={files} video={video} references={references} read={connection.read} />}
      </section>
    </div>
  );
}

/** An address for a file that lies in the browser, for as long as it is shown. */
function useObjectUrl(file: File | undefined): string | undefined {
  const [url, setUrl] = useState<string | undefined>(undefined);
  useEffect(() => {
    if (file === undefined) return setUrl(undefined);
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url;
}
