import { residentMb } from "../test/tools/process-tree.ts";

/** Looks at the tree's resident memory until `stop` is called, which gives the most that was seen, in MB. */
export function watchResident(root: number, everyMs = 50): { stop(): Promise<number> } {
  let most = 0;
  let watching = true;
  const watched = (async () => {
    while (watching) {
      const now = await residentMb(root);
      // Not a number once the process is gone.
      if (now > most) most = now;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  })();
  return {
    async stop() {
      watching = false;
      await watched;
      return most;
    },
  };
}
