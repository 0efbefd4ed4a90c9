import { useEffect, useState } from "preact/hooks";

/** What a promise has come to so far. */
export type Loaded<Value> =
  | { readonly state: "loading" }
  | { readonly state: "done"; readonly value: Value }
  | { readonly state: "failed"; readonly message: string };

/** Calls `load` when it changes, and not before `wanted`; what comes in after it has changed again is dropped. */
export function useLoaded<Value>(load: () => Promise<Value>, wanted = true): Loaded<Value> {
  const [loaded, setLoaded] = useState<Loaded<Value>>({ state: "loading" });
  useEffect(() => {
    if (!wanted) return;
    let current = true;
    setLoaded({ state: "loading" });
    load().then(
      (value) => current && setLoaded({ state: "done", value }),
      (error: unknown) => current && setLoaded({ state: "failed", message: messageOf(error) }),
    );
    return () => {
      current = false;
    };
  }, [load, wanted]);
  return loaded;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
