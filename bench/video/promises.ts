/** What is promised, held against what was measured, a line each. */
export interface Promises {
  report(what: string, kept: boolean, figures: string): void;
  readonly missed: number;
}

export function createPromises(): Promises {
  let missed = 0;
  return {
    report(what, kept, figures) {
      if (!kept) missed++;
      console.log(`${kept ? "ok    " : "MISSED"} ${what}: ${figures}`);
    },
    get missed() {
      return missed;
    },
  };
}
