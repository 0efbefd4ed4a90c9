import type { Ora } from "ora";

/** One line that says what is being done; it is gone when the work is done. */
export interface ProgressLine {
  show(message: string, done?: number, total?: number): void;
  clear(): void;
}

const SILENT: ProgressLine = { show() {}, clear() {} };

/** A progress line on standard error when that is a terminal, silence otherwise. */
export async function createProgressLine(): Promise<ProgressLine> {
  if (!process.stderr.isTTY) return SILENT;
  const { default: ora } = await import("ora");
  // Left alone: Ctrl-C must stay a signal.
  const line: Ora = ora({ stream: process.stderr, discardStdin: false });
  return {
    show(message, done, total) {
      line.text = done !== undefined && total !== undefined ? `${message} (${done}/${total})` : message;
      if (!line.isSpinning) line.start();
    },
    clear() {
      line.stop();
    },
  };
}
