/**
 * `pnpm bench`: the ratios that are promised, each against a bare counterpart in the same run. Ends with exit code 1 when one is missed.
 */
import { describeAsk, measureAsk } from "./ask.ts";
import { describePrepare, measurePrepare } from "./prepare.ts";
import { describeStartup, keepsStartup, measureStartup } from "./startup.ts";

const startup = await measureStartup();
console.log(describeStartup(startup));
const prepare = await measurePrepare();
console.log(describePrepare(prepare));
const ask = await measureAsk();
console.log(describeAsk(ask));

// Written so that a figure that could not be measured counts as missed.
const kept = keepsStartup(startup) && prepare.ratio <= 1.3 && ask.ratio <= 1.3 && ask.more <= 2;
if (!kept) {
  console.error("bench: a bound was missed");
  process.exitCode = 1;
}
