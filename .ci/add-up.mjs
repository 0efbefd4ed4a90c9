/**
 * Adds up vitest's JSON reports into one line: `add-up.mjs FAILED REPORT...`, where FAILED is how many steps without a report failed.
 * A run that left no report, or whose files did not even load, counts as a failure.
 */
import { readFileSync } from "node:fs";

let passed = 0;
let failed = Number(process.argv[2]);
let skipped = 0;
for (const file of process.argv.slice(3)) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    failed += 1;
    continue;
  }
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  if (!report.success && report.numFailedTests === 0)
    failed += Math.max(1, report.testResults.filter((each) => each.status === "failed").length);
  skipped += report.numPendingTests + report.numTodoTests;
}
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exitCode = failed === 0 ? 0 : 1;
