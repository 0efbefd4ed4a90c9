import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly { readonly title: string; readonly content: ComponentChildren }[];
}

/** Tabs as the ARIA pattern has them: one tab stop, arrows move between them. What is not shown stays as it was left. */
export function Tabs({ label, tabs }: TabsProps) {
  const [shown, show] = useState(0);
  const id = useId();
  function move(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (shown + step + tabs.length) % tabs.length;
    show(next);
    document.getElementById(`${id}-tab-${next}`)?.focus();
  }
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map(({ title }, index) => (
          <button
            key={title}
            type="button"
            role="tab"
            id={`${id}-tab-${index}`}
            aria-selected={index === shown}
            aria-controls={`${id}-panel-${index}`}
            tabIndex={index === shown ? 0 : -1}
            onClick={() => show(index)}
          >
            {title}
          </button>
        ))}
      </div>
      {tabs.map(({ title, content }, index) => (
        <div key={title} role="tabpanel" id={`${id}-panel-${index}`} aria-labelledby={`${id}-tab-${index}`} hidden={index !== shown}>
          {content}
        </div>
      ))}
    </>
  );
}
