import type { Tool } from "@modelcontextprotocol/client";
import type { Parameter } from "./parameters.ts";
import { parametersOf, type FormValue, type FormValues } from "./parameters.ts";
import { ParameterInput } from "./parameter-input.tsx";

interface ToolFormProps {
  readonly tools: readonly Tool[];
  readonly chosen: Tool | undefined;
  readonly values: FormValues;
  readonly busy: boolean;
  readonly ready: boolean;
  onTool(name: string): void;
  onValue(name: string, value: FormValue): void;
  onRun(): void;
  onCancel(): void;
}

/** What is to be done with the file, and how. */
export function ToolForm({ tools, chosen, values, busy, ready, onTool, onValue, onRun, onCancel }: ToolFormProps) {
  const parameters = chosen === undefined ? [] : parametersOf(chosen.inputSchema);
  // What a person edits first: what must be said, prompts, and lists of what is wanted.
  const first = parameters.filter(({ required, kind }) => required || kind === "prompt" || kind === "rows");
  const others = parameters.filter((each) => !first.includes(each));
  const input = (parameter: Parameter) => (
    <ParameterInput
      key={`${chosen?.name}-${parameter.name}`}
      parameter={parameter}
      value={values[parameter.name] ?? parameter.initial}
      onValue={onValue}
    />
  );
  return (
    <form
      class="tool card"
      aria-label="Task"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) onRun();
      }}
    >
      <fieldset class="tools">
        <legend>What do you want to know?</legend>
        {tools.map(({ name, title, description }) => (
          <label key={name} class={`tool-choice ${name === chosen?.name ? "is-chosen" : ""}`} title={summaryOf(description ?? "")}>
            <input type="radio" name="tool" value={name} checked={name === chosen?.name} onChange={() => onTool(name)} />
            {title ?? name}
          </label>
        ))}
      </fieldset>
      {chosen !== undefined && <p class="hint">{summaryOf(chosen.description ?? "")}</p>}
      {first.map(input)}
      {others.length > 0 && (
        <details>
          <summary>More settings</summary>
          {others.map(input)}
        </details>
      )}
      <div class="run">
        <button type="submit" class="primary" disabled={!ready} aria-disabled={busy}>
          {busy ? "Looking…" : "Look"}
        </button>
        {busy && (
          <button type="button" class="quiet" onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  );
}

/** The first sentence. */
function summaryOf(description: string): string {
  return /^.*?(?=(?<!\be\.g)[.:](?:\s|$))/.exec(description)?.[0] ?? description;
}
