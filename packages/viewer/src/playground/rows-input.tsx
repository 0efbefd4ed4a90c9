import { humanize } from "../view/read-fields.ts";
import { rowsOf, type Column, type Parameter } from "./parameters.ts";

interface RowsInputProps {
  readonly parameter: Parameter;
  /** The rows as JSON. */
  readonly value: string;
  onValue(name: string, value: string): void;
}

/** A list of things that are described alike, a row each. */
export function RowsInput({ parameter: { name, columns, description }, value, onValue }: RowsInputProps) {
  const rows = rowsOf(value, columns);
  const write = (now: readonly Readonly<Record<string, string>>[]): void => onValue(name, JSON.stringify(now));
  return (
    <fieldset class="parameter rows">
      <legend>{humanize(name)}</legend>
      {rows.map((row, index) => (
        // A row is told by its place alone.
        <div key={index} class="row" role="group" aria-label={`${humanize(name)} ${index + 1}`}>
          {columns.map((column) => (
            <Cell
              key={column.name}
              column={column}
              value={row[column.name] ?? ""}
              onValue={(cell) => write(rows.with(index, { ...row, [column.name]: cell }))}
            />
          ))}
          <button
            type="button"
            class="quiet"
            aria-label={`Remove ${row["name"] || `row ${index + 1}`}`}
            disabled={rows.length === 1}
            onClick={() => write(rows.toSpliced(index, 1))}
          >
            ×
          </button>
        </div>
      ))}
      <button type="button" class="quiet" onClick={() => write([...rows, ...rowsOf("", columns)])}>
        Add another
      </button>
      {description !== "" && <small class="hint">{description}</small>}
    </fieldset>
  );
}

function Cell({ column, value, onValue }: { column: Column; value: string; onValue(value: string): void }) {
  const name = humanize(column.name);
  if (column.choices.length === 0)
    return (
      <input
        type="text"
        aria-label={name}
        placeholder={name}
        autocomplete="off"
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    );
  return (
    <select aria-label={name} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
      {column.choices.map((choice) => (
        <option key={choice} value={choice}>
          {choice}
        </option>
      ))}
    </select>
  );
}
