import { readFile } from "node:fs/promises";

/** Whether this system shows who started whom; tests that need it skip elsewhere. */
export const SHOWS_CHILDREN = process.platform === "linux";

/** The processes `pid` has started and that still run. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return text.trim().split(" ").filter(Boolean).map(Number);
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
