import { useState } from "preact/hooks";
import { messageOf } from "./use-loaded.ts";

/** Hands a corrected answer to whoever keeps such, once, and says what came of it. */
export function KeepButton({ keep }: { keep(): Promise<string> }) {
  const [state, setState] = useState<{ readonly words: string; readonly done: boolean } | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  async function send(): Promise<void> {
    setBusy(true);
    try {
      setState({ words: `Kept as ${await keep()}.`, done: true });
    } catch (error) {
      setState({ words: `Not kept: ${messageOf(error)}`, done: false });
    } finally {
      setBusy(false);
    }
  }
  return (
    <>
      {state?.done !== true && (
        <button type="button" class="quiet" disabled={busy} onClick={() => void send()}>
          Keep this correction
        </button>
      )}
      <span role="status">{state?.words}</span>
    </>
  );
}
