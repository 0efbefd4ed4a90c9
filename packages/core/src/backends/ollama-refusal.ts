import { ModelError, SetupError, type SightlineError } from "../errors.ts";
import { explainRefusal, refusalText, type Refusal, type RefusedRequest } from "./server-refusal.ts";

/** What answers at an address, and is no Ollama. */
export function notOllama(server: string, why: string, cause?: unknown): SetupError {
  return new SetupError(`What answers at ${server} is no Ollama: ${why}.`, {
    hint: "Ollama's address is that of its port alone, e.g. http://127.0.0.1:11434 (--base-url, SIGHTLINE_BASE_URL). For another kind of server name its --backend.",
    cause,
  });
}

/** Turns what an Ollama said into the error for whoever must act. What it shares with other servers is explained with theirs. */
export function explainOllamaRefusal(refusal: Refusal, request: RefusedRequest): SightlineError {
  const { server, model } = request;
  const said = refusalText(refusal.body);
  // A model of ollama.com, listed here: `{"error":"unauthorized","signin_url":"…"}`.
  if (refusal.status === 401 && refusal.body.includes("signin_url")) {
    return new SetupError(`${model} runs on ollama.com, and the Ollama at ${server} is not signed in there.`, {
      hint: "Run `ollama signin` where it runs, or choose a model of its own with --model (SIGHTLINE_MODEL).",
    });
  }
  if (refusal.status === 404 && /model\b.*not found/i.test(said)) {
    const others = (request.listed ?? []).filter((id) => id !== model);
    const names = `${others.slice(0, 12).join(", ")}${others.length > 12 ? `, and ${others.length - 12} more` : ""}`;
    return new SetupError(`The Ollama at ${server} has no model ${model}.`, {
      hint: `Run \`ollama pull ${model}\`${others.length === 0 ? "." : `, or name one it has with --model (SIGHTLINE_MODEL): ${names}.`}`,
    });
  }
  if (refusal.status === 404 || refusal.status === 405) return notOllama(server, `HTTP ${refusal.status}, "${said}"`);
  // encoding/json and encoding/base64 of Go: only a mistake of ours or something in between can bring it about.
  if (refusal.status === 400 && /cannot unmarshal|invalid character|illegal base64|unexpected EOF|missing request body/.test(said)) {
    return new ModelError(`The Ollama at ${server} did not understand the request: "${said}".`, {
      status: 400,
      hint: "Look for a proxy in between that changes requests; if there is none, this is a mistake of Sightline's: please report it with this message.",
    });
  }
  return explainRefusal(refusal, request);
}
