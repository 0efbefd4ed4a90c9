import { clearLine, cursorTo } from "node:readline";

/** One line that says what is being done; it is gone when the work is done. */
export interface ProgressLine {
  show(message: string, done?: number, total?: number): void;
  clear(): void;
}

const SILENT: ProgressLine = { show() {}, clear() {} };

/** A progress line on standard error when that is a terminal, silence otherwise. */
export function createProgressLine(stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  if (!stream.isTTY) return SILENT;
  const wipe = (): void => {
    cursorTo(stream, 0);
    clearLine(stream, 0);
  };
  return {
    show(message, done, total) {
      const line = done !== undefined && total !== undefined ? `${message} (${done}/${total})` : `${message} …`;
      wipe();
      // A line that wraps cannot be wiped. Terminals that nobody told their width say 0.
      stream.write(line.replaceAll(/\p{Cc}/gu, " ").slice(0, (stream.columns || 80) - 1));
    },
    clear: wipe,
  };
}
