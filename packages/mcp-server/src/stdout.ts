/**
 * Standard output is the protocol's wire. Imported before anything else: from here on, whatever a library prints goes to standard error,
 * and only who holds `wire` writes to the client.
 */
import { Console } from "node:console";
import { Writable } from "node:stream";

const write = process.stdout.write.bind(process.stdout);

export const wire = new Writable({
  decodeStrings: false,
  write(chunk: string | Buffer, encoding, done) {
    if (typeof chunk === "string") write(chunk, encoding, done);
    else write(chunk, done);
  },
});

// A client that has gone: the transport closes on its stream's error.
process.stdout.on("error", (error) => wire.destroy(error));
process.stdout.write = process.stderr.write.bind(process.stderr);
globalThis.console = new Console(process.stderr, process.stderr);
