/** `pnpm scale [FILES]`: the batch while everything dies, in full. Ends with exit code 1 unless every file has its one row, right or a typed error. */
import { loadavg } from "node:os";
import { runWithFaults } from "./faults.ts";

const { rows, files, equal, lost, wrong, killedWorkers, seconds, takenOver, cancelled } = await runWithFaults(
  Number(process.argv[2] ?? 500),
  (words) => console.error(words),
);
console.log(
  [
    `${files} files: ${rows.length} rows, ${equal} as without faults, ${lost.length} lost with their workers, ${wrong.length} wrong`,
    `${killedWorkers} workers killed, Redis and the batch once each, in ${seconds.toFixed(0)} s (load ${loadavg()[0]?.toFixed(1)})`,
    `a job whose replica was killed: ${takenOver}; a job cancelled from the other replica: ${cancelled}`,
    ...wrong,
  ].join("\n"),
);
process.exitCode = wrong.length === 0 && rows.length === files && takenOver === "done" && cancelled === "cancelled" ? 0 : 1;
