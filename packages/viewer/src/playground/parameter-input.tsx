import { useId } from "preact/hooks";
import { humanize } from "../view/read-fields.ts";
import type { FormValue, Parameter } from "./parameters.ts";
import { RowsInput } from "./rows-input.tsx";

interface ParameterInputProps {
  readonly parameter: Parameter;
  readonly value: FormValue;
  onValue(name: string, value: FormValue): void;
}

/** Of the kinds that are one line; the types of preact tell each apart and know no choice among them. */
const TYPES = { number: "number", password: "password", text: "text" } as unknown as Readonly<Record<string, "text">>;

/** One input of a tool, as a control that suits what it takes. */
export function ParameterInput({ parameter, value, onValue }: ParameterInputProps) {
  const id = useId();
  const { name, kind, description, required, choices, minimum, maximum } = parameter;
  const about = description === "" ? {} : { "aria-describedby": `${id}-about` };
  const shared = { id, required, ...about };
  const text = typeof value === "string" ? value : "";
  const hint = description !== "" && (
    <small id={`${id}-about`} class="hint">
      {description}
    </small>
  );

  if (kind === "rows") return <RowsInput parameter={parameter} value={text} onValue={onValue} />;
  if (kind === "truth") {
    return (
      <div class="parameter">
        <label class="truth">
          <input {...about} type="checkbox" checked={value === true} onChange={(event) => onValue(name, event.currentTarget.checked)} />
          {humanize(name)}
        </label>
        {hint}
      </div>
    );
  }
  if (kind === "choices") {
    const chosen = Array.isArray(value) ? (value as readonly string[]) : [];
    return (
      <fieldset class="parameter choices" {...about}>
        <legend>{humanize(name)}</legend>
        {choices.map((choice) => (
          <label key={choice} class="truth">
            <input
              type="checkbox"
              checked={chosen.includes(choice)}
              onChange={(event) => {
                const now = event.currentTarget.checked;
                onValue(
                  name,
                  choices.filter((each) => (each === choice ? now : chosen.includes(each))),
                );
              }}
            />
            {choice}
          </label>
        ))}
        {hint}
      </fieldset>
    );
  }
  return (
    <div class="parameter">
      <label for={id}>{humanize(name)}</label>
      {kind === "choice" ? (
        <select {...shared} value={text} onChange={(event) => onValue(name, event.currentTarget.value)}>
          {!required && !choices.includes(text) && <option value="">as usual</option>}
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      ) : kind === "prompt" || kind === "json" ? (
        <textarea
          {...shared}
          rows={kind === "json" ? 4 : 2}
          spellcheck={kind === "prompt"}
          placeholder={kind === "json" ? "JSON" : ""}
          value={text}
          onInput={(event) => onValue(name, event.currentTarget.value)}
        />
      ) : (
        <input
          {...shared}
          type={TYPES[kind] ?? "text"}
          autocomplete="off"
          step="any"
          {...(minimum === undefined ? {} : { min: minimum })}
          {...(maximum === undefined ? {} : { max: maximum })}
          value={text}
          onInput={(event) => onValue(name, event.currentTarget.value)}
        />
      )}
      {hint}
    </div>
  );
}
