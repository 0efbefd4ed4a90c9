import { useCallback, useMemo, useState } from "preact/hooks";
import { corrected, type Correction } from "../view/correct.ts";
import type { Json } from "../view/json.ts";
import { isBare, toView } from "../view/to-view.ts";
import type { Field } from "../view/view.ts";
import { CopyButton } from "./copy-button.tsx";
import { FieldList, placeOf } from "./field-list.tsx";
import { KeepButton } from "./keep-button.tsx";
import { MarkList } from "./mark-list.tsx";
import type { Pixels } from "../view/pixels.ts";
import { Sheets } from "./sheets.tsx";
import { Timeline } from "./timeline.tsx";

interface AnswerProps {
  /** What the tool answered. */
  readonly output: Json;
  /** The same in words, as the server puts it. */
  readonly words: string;
  /** Absent where there is nothing to look at. */
  readonly pixels?: Pixels | undefined;
  readonly video?: string | undefined;
  /** Keeps the answer as it was corrected, where somebody does. Returns what it is kept as. */
  readonly keep?: ((corrected: Json) => Promise<string>) | undefined;
  /** Asks again for the places of the values, where the answer came without them. */
  readonly askForPlaces?: (() => void) | undefined;
}

/** An answer with its evidence: what was read or found beside the picture that shows it. */
export function Answer({ output, words, pixels, video, keep, askForPlaces }: AnswerProps) {
  const view = useMemo(() => toView(output), [output]);
  const [active, setActive] = useState<string | undefined>(undefined);
  const [corrections, setCorrections] = useState<ReadonlyMap<string, Correction>>(new Map());
  const values = useMemo(() => new Map([...corrections].map(([place, { value }]) => [place, value])), [corrections]);
  const result = (): Json => corrected(output, [...corrections.values()]);

  const onCorrect = useCallback((field: Field, value: string): void => {
    setCorrections((before) => {
      const after = new Map(before);
      if (value === field.value) after.delete(placeOf(field));
      else after.set(placeOf(field), { at: field.at, value });
      return after;
    });
  }, []);
  const onPick = useCallback((mark: string): void => {
    setActive(mark);
    const row = document.querySelector<HTMLElement>(`.reading [data-mark="${CSS.escape(mark)}"]`);
    (row?.querySelector<HTMLElement>("input, textarea") ?? row)?.focus();
  }, []);

  const isShown = pixels !== undefined && view.hits === undefined;
  return (
    <div class={`answer ${isShown ? "with-sheets" : ""}`}>
      {isShown && <Sheets pixels={pixels} marks={view.marks} active={active} onPoint={setActive} onPick={onPick} />}
      <div class="reading">
        {view.review.length > 0 && (
          <section class="review" aria-label="To be reviewed">
            <h3>A person should look at this</h3>
            <ul>
              {view.review.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          </section>
        )}
        {view.words !== undefined && <p class="words">{view.words}</p>}
        {view.origin !== undefined && <p class="origin">{view.origin.charAt(0).toUpperCase() + view.origin.slice(1)}</p>}
        {view.hits !== undefined && <Timeline hits={view.hits} pixels={pixels} video={video} />}
        {isBare(view) && <pre class="text">{words}</pre>}
        {corrections.size > 0 && (
          <div class="corrections">
            <span>{corrections.size === 1 ? "1 value corrected." : `${corrections.size} values corrected.`}</span>
            <CopyButton label="Copy corrected result" text={() => JSON.stringify(result(), undefined, 2)} />
            {keep !== undefined && <KeepButton key={JSON.stringify([...values])} keep={() => keep(result())} />}
            <button type="button" class="quiet" onClick={() => setCorrections(new Map())}>
              Undo
            </button>
          </div>
        )}
        {askForPlaces !== undefined && view.documents.length > 0 && view.marks.length === 0 && (
          <button type="button" class="quiet" onClick={askForPlaces}>
            Show where each value stands
          </button>
        )}
        {view.documents.map((each, index) => (
          <FieldList key={index} document={each} active={active} corrections={values} onPoint={setActive} onCorrect={onCorrect} />
        ))}
        {view.documents.length === 0 && view.marks.length > 0 && <MarkList marks={view.marks} active={active} onPoint={setActive} />}
        {view.text !== undefined && (
          <section aria-label="Text">
            <h3>
              Text <CopyButton label="Copy text" text={() => view.text ?? ""} />
            </h3>
            <pre class="text" tabIndex={0} aria-label="Text">
              {view.text}
            </pre>
          </section>
        )}
        {view.warnings.length > 0 && (
          <ul class="warnings" aria-label="Warnings">
            {view.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
