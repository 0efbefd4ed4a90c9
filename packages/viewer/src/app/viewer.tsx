import type { App } from "@modelcontextprotocol/ext-apps";
import { useLayoutEffect, useMemo, useState } from "preact/hooks";
import { filesOf } from "../call/files.ts";
import { followJob, type CallTool, type Progress } from "../call/follow-job.ts";
import { jobOf, readResult, type Result } from "../call/result.ts";
import { serverPixels } from "../call/server-pixels.ts";
import { Answer } from "../parts/answer.tsx";
import { Working } from "../parts/working.tsx";
import { messageOf } from "../parts/use-loaded.ts";
import type { Json } from "../view/json.ts";

type State =
  | { readonly kind: "waiting"; readonly progress?: Progress }
  | { readonly kind: "answered"; readonly result: Result; readonly count: number }
  | { readonly kind: "cancelled"; readonly reason: string };

/** One call of a tool in an agent's host: waits for its answer, and shows it. */
export function Viewer({ app }: { app: App }) {
  const [args, setArgs] = useState<Json>({});
  const [state, setState] = useState<State>({ kind: "waiting" });

  const call: CallTool = async (name, input, { signal }) =>
    readResult(await app.callServerTool({ name, arguments: input }, signal === undefined ? {} : { signal }));
  function show(result: Result): void {
    setState((before) => ({ kind: "answered", result, count: before.kind === "answered" ? before.count + 1 : 0 }));
  }
  async function showWhenDone(result: Result): Promise<void> {
    if (jobOf(result) === undefined) return show(result);
    try {
      show(await followJob(result, call, { onProgress: (progress) => setState({ kind: "waiting", progress }) }));
    } catch {
      // A host that lets no page call tools still has the words that say how to go on.
      show(result);
    }
  }

  // At once: the host may send what it has as soon as the page is connected.
  useLayoutEffect(() => {
    app.addEventListener("toolinput", ({ arguments: input }) => setArgs(input ?? {}));
    app.addEventListener("toolresult", (result) => void showWhenDone(readResult(result)));
    app.addEventListener("toolcancelled", ({ reason }) => setState({ kind: "cancelled", reason: reason ?? "" }));
  }, [app]);

  const links = state.kind === "answered" ? state.result.links : NO_LINKS;
  const pixels = useMemo(() => {
    const references = filesOf(args);
    return references.length === 0 ? undefined : serverPixels(references, links, (uri) => app.readServerResource({ uri }));
  }, [args, links, app]);

  if (state.kind === "waiting") return <Working progress={state.progress ?? { message: "Looking" }} />;
  if (state.kind === "cancelled") return <p class="words">Cancelled. {state.reason}</p>;
  const { result, count } = state;
  if (result.output === undefined || result.failed) return <pre class={`text ${result.failed ? "failure" : ""}`}>{result.words}</pre>;

  const tool = app.getHostContext()?.toolInfo?.tool.name;
  const again = async (): Promise<void> => {
    setState({ kind: "waiting", progress: { message: "Reading again, with the place of each value" } });
    try {
      await showWhenDone(await call(tool ?? "", { ...args, evidence: "boxes" }, {}));
    } catch (error) {
      show({ ...result, words: messageOf(error), failed: true });
    }
  };
  return (
    <Answer
      key={count}
      output={result.output}
      words={result.words}
      pixels={pixels}
      askForPlaces={tool !== undefined && app.getHostCapabilities()?.serverTools !== undefined ? () => void again() : undefined}
    />
  );
}

const NO_LINKS: Result["links"] = [];
