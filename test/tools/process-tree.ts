import { readdir, readFile } from "node:fs/promises";

/** A process and all that descend from it, itself first, from Linux's /proc; itself alone elsewhere. */
export async function processTree(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    // The second field is the command in parentheses and may hold spaces.
    const parent = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const tree = new Set([root]);
  for (let grown = true; grown;) {
    const before = tree.size;
    for (const [pid, parent] of parents) if (tree.has(parent)) tree.add(pid);
    grown = tree.size > before;
  }
  return [...tree];
}

/** Resident memory of a process and its descendants in MB; NaN where the system does not show it. */
export async function residentMb(root: number): Promise<number> {
  const each = await residentMbEach(root);
  return each.has(root) ? [...each.values()].reduce((sum, size) => sum + size, 0) : Number.NaN;
}

/** The same a process: its id to MB. Processes that are gone by then are left out. */
export async function residentMbEach(root: number): Promise<Map<number, number>> {
  const sizes = await Promise.all((await processTree(root)).map(async (pid) => [pid, await residentOf(pid)] as const));
  return new Map(sizes.flatMap(([pid, size]) => (size === undefined ? [] : [[pid, size / 1024] as const])));
}

/** In KB; undefined for a process that is gone. */
async function residentOf(pid: number): Promise<number | undefined> {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8").catch(() => ""))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes);
}
