import { memo } from "preact/compat";
import type { Mark } from "../view/view.ts";
import { eventMark } from "./event-mark.ts";

interface MarkListProps {
  readonly marks: readonly Mark[];
  readonly active: string | undefined;
  onPoint(mark: string | undefined): void;
}

/** What was found, as a list to read, to point at and to go through by keyboard. */
export function MarkList({ marks, active, onPoint }: MarkListProps) {
  const paged = marks.some(({ page }) => page > 1);
  return (
    <section aria-label="Evidence">
      <h3>
        Evidence <span class="count">{marks.length}</span>
      </h3>
      <ul
        class="marks"
        onPointerOver={(event) => onPoint(eventMark(event))}
        onPointerLeave={() => onPoint(undefined)}
        onFocusIn={(event) => onPoint(eventMark(event))}
      >
        {marks.map((mark) => (
          <Row key={mark.id} mark={mark} isActive={mark.id === active} paged={paged} />
        ))}
      </ul>
    </section>
  );
}

const Row = memo(function Row({ mark, isActive, paged }: { mark: Mark; isActive: boolean; paged: boolean }) {
  return (
    <li>
      <button type="button" class={`mark ${isActive ? "is-active" : ""}`} data-mark={mark.id}>
        <span class="mark-label">{mark.label}</span>
        <span class="mark-detail">{[mark.detail, paged ? `page ${mark.page}` : ""].filter((each) => each !== "").join(", ")}</span>
      </button>
    </li>
  );
});
