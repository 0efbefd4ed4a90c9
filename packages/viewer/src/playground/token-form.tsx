import { useState } from "preact/hooks";

/** Asks for the server's bearer token. */
export function TokenForm({ refused, onToken }: { refused: boolean; onToken(token: string): void }) {
  const [token, setToken] = useState("");
  return (
    <form
      class="token card"
      onSubmit={(event) => {
        event.preventDefault();
        onToken(token.trim());
      }}
    >
      <h2>This server wants a token</h2>
      <p>It is the text that the server was started with as SIGHTLINE_HTTP_TOKEN. It stays in this tab.</p>
      {refused && (
        <p class="failure" role="alert">
          The server does not take this token.
        </p>
      )}
      <label for="token">Token</label>
      <input
        id="token"
        type="password"
        autocomplete="off"
        required
        value={token}
        onInput={(event) => setToken(event.currentTarget.value)}
      />
      <button type="submit" class="primary">
        Connect
      </button>
    </form>
  );
}
