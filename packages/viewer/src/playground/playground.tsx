import { useEffect, useState } from "preact/hooks";
import { messageOf } from "../parts/use-loaded.ts";
import { connect, TokenNeeded, type Connection } from "./connection.ts";
import { TokenForm } from "./token-form.tsx";
import { Workbench } from "./workbench.tsx";

type State =
  | { readonly kind: "connecting" }
  | { readonly kind: "connected"; readonly connection: Connection }
  | { readonly kind: "locked"; readonly refused: boolean }
  | { readonly kind: "failed"; readonly message: string };

/** Where the token is while the tab is open, and nowhere longer. */
const TOKEN = "sightline-token";

/** The page at the server's address: connects to it as an MCP client, and hands over to the workbench. */
export function Playground({ version }: { version: string }) {
  const [state, setState] = useState<State>({ kind: "connecting" });

  async function open(token: string | undefined): Promise<void> {
    setState({ kind: "connecting" });
    try {
      const connection = await connect(version, token);
      if (token !== undefined) sessionStorage.setItem(TOKEN, token);
      setState({ kind: "connected", connection });
    } catch (error) {
      if (error instanceof TokenNeeded) {
        sessionStorage.removeItem(TOKEN);
        setState({ kind: "locked", refused: token !== undefined });
      } else setState({ kind: "failed", message: messageOf(error) });
    }
  }
  useEffect(() => void open(sessionStorage.getItem(TOKEN) ?? undefined), []);

  return (
    <main>
      {state.kind === "connecting" && (
        <p class="connecting" role="status">
          Connecting to the server
        </p>
      )}
      {state.kind === "locked" && <TokenForm refused={state.refused} onToken={(token) => void open(token)} />}
      {state.kind === "failed" && (
        <div class="failure" role="alert">
          <p>The server cannot be reached. {state.message}</p>
          <button type="button" onClick={() => void open(sessionStorage.getItem(TOKEN) ?? undefined)}>
            Try again
          </button>
        </div>
      )}
      {state.kind === "connected" && <Workbench connection={state.connection} />}
    </main>
  );
}
