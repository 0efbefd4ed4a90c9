import { memo } from "preact/compat";
import { useId } from "preact/hooks";
import { TONE_WORDS, type CheckResult, type DocumentFields, type Field } from "../view/view.ts";
import { eventMark } from "./event-mark.ts";

interface FieldListProps {
  readonly document: DocumentFields;
  readonly active: string | undefined;
  /** Values put right by the reader, by place. */
  readonly corrections: ReadonlyMap<string, string>;
  onPoint(mark: string | undefined): void;
  onCorrect(field: Field, value: string): void;
}

/** The values of a document, each to be seen on its page, and put right where it is wrong. */
export function FieldList({ document, active, corrections, onPoint, onCorrect }: FieldListProps) {
  return (
    <section
      class="fields"
      aria-label={document.title}
      onPointerOver={(event) => onPoint(eventMark(event))}
      onPointerLeave={() => onPoint(undefined)}
      onFocusIn={(event) => onPoint(eventMark(event))}
    >
      <h3>{document.title}</h3>
      {document.checks.length > 0 && <Checks checks={document.checks} />}
      {document.groups.map((group, index) => (
        <fieldset key={index}>
          {group.title !== "" && <legend>{group.title}</legend>}
          <div class={`group ${/ \d+$/.test(group.title) ? "compact" : ""}`}>
            {group.fields.map((field) => (
              <Value
                key={placeOf(field)}
                field={field}
                corrected={corrections.get(placeOf(field))}
                isActive={field.mark !== undefined && field.mark === active}
                onCorrect={onCorrect}
              />
            ))}
          </div>
        </fieldset>
      ))}
    </section>
  );
}

/** Where a field's value stands, as a key. */
export function placeOf({ at }: Pick<Field, "at">): string {
  return JSON.stringify(at);
}

/** Longer values are shown in several lines, characters. */
const LONG_VALUE = 24;

interface ValueProps {
  readonly field: Field;
  readonly corrected: string | undefined;
  readonly isActive: boolean;
  onCorrect(field: Field, value: string): void;
}

const Value = memo(function Value({ field, corrected, isActive, onCorrect }: ValueProps) {
  const id = useId();
  const { label, value, tone, notes, mark, quote } = field;
  const isCorrected = corrected !== undefined;
  const words = isCorrected ? `corrected, was ${value}` : tone === "plain" ? "" : TONE_WORDS[tone];
  const described = [words, ...(isCorrected ? [] : notes), mark === undefined ? "its place on the page is not known" : ""];
  const isLong = (corrected ?? value).length > LONG_VALUE;
  const shared = {
    id,
    value: corrected ?? value,
    spellcheck: false,
    autocomplete: "off" as const,
    "aria-describedby": `${id}-about`,
    onInput: (event: InputEvent) => onCorrect(field, (event.currentTarget as HTMLInputElement).value),
  };
  return (
    <div class={`field ${isCorrected ? "corrected" : tone} ${isActive ? "is-active" : ""}`} data-mark={mark} title={quote}>
      <label for={id}>{label}</label>
      {isLong ? (
        <textarea {...shared} rows={Math.min(5, Math.ceil((corrected ?? value).length / LONG_VALUE))} />
      ) : (
        <input {...shared} type="text" />
      )}
      {words !== "" && (
        <span class={`badge ${isCorrected ? "corrected" : tone}`} aria-hidden="true">
          {words}
        </span>
      )}
      {!isCorrected && notes.length > 0 && (
        <ul class="field-notes" aria-hidden="true">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <span class="only-read" id={`${id}-about`}>
        {described.filter((each) => each !== "").join(". ")}
      </span>
    </div>
  );
});

function Checks({ checks }: { checks: readonly CheckResult[] }) {
  const failed = checks.filter(({ tone }) => tone !== "right");
  const right = checks.length - failed.length;
  return (
    <div class="checks">
      {failed.map(({ rule, tone, message, marks }) => (
        <p key={`${rule}${message}`} class={`check ${tone}`} data-mark={marks[0]}>
          <strong>{tone === "wrong" ? "Wrong" : "Doubtful"}</strong> {message} <span class="rule">{rule}</span>
        </p>
      ))}
      {right > 0 && (
        <details>
          <summary>
            <span class="badge right">{right === 1 ? "1 check" : `${right} checks`} passed</span>
          </summary>
          <ul>
            {checks
              .filter(({ tone }) => tone === "right")
              .map(({ rule, message }) => (
                <li key={`${rule}${message}`}>
                  {message} <span class="rule">{rule}</span>
                </li>
              ))}
          </ul>
        </details>
      )}
    </div>
  );
}
