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
  const sizes = await Promise.all((await processTree(root)).map(residentOf));
  return sizes[0] === undefined ? Number.NaN : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) / 1024;
}

/** In KB; undefined for a process that is gone. */
async function residentOf(pid: number): Promise<number | undefined> {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8").catch(() => ""))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes);
}
