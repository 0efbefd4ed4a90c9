import { useEffect, useState } from "preact/hooks";

/** Puts text on the clipboard, and says so. Where the clipboard is closed to the page, as in some hosts, the text is shown to be copied by hand. */
export function CopyButton({ label, text }: { label: string; text(): string }) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state !== "copied") return;
    const timer = setTimeout(() => setState("idle"), 2_000);
    return () => clearTimeout(timer);
  }, [state]);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text());
      setState("copied");
    } catch {
      setState("refused");
    }
  }

  return (
    <>
      <button type="button" class="quiet" onClick={() => void copy()}>
        {state === "copied" ? "Copied" : label}
      </button>
      <span class="only-read" role="status">
        {state === "copied" ? `${label}: copied` : ""}
      </span>
      {state === "refused" && <textarea class="by-hand" readOnly rows={8} value={text()} aria-label={`${label}: to be copied by hand`} />}
    </>
  );
}
