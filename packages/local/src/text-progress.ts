import type { TaskContext } from "@sightline/core";

/** Characters that must have come before the next report, and that a report shows. */
const STEP = 60;
const SHOWN = 100;

/** Tells a model's growing words as progress, for doors that show nothing else: the last of them, whenever there are enough new ones. */
export function textAsProgress(progress: TaskContext["progress"]): (soFar: string) => void {
  let told = 0;
  return (soFar) => {
    // Another try begins anew.
    if (soFar.length < told) told = 0;
    if (soFar.length - told < STEP) return;
    told = soFar.length;
    const flat = soFar.replaceAll(/\s+/g, " ").trim();
    progress(flat.length > SHOWN ? `… ${flat.slice(-SHOWN).replace(/^\S* /, "")}` : flat);
  };
}
