import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chown, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { freePort, type NamedFile, TOOLS } from "./n8n.ts";

/** A real IMAP server (Debian's dovecot), and mails delivered into it as a mail server does. */

const execute = promisify(execFile);

/** The user that dovecot reads mail as: nobody, and its group. */
const NOBODY = 65534;

export interface MailServer {
  /** What n8n's IMAP credential says of a user. */
  credential(user: string): object;
  /** Resolves once somebody waits for mail as this user (IMAP's IDLE): what comes before that is not told. */
  listening(user: string): Promise<void>;
  /** Delivers one mail; returns when, in ms since 1970. */
  deliver(user: string, subject: string, attachments: readonly NamedFile[]): Promise<number>;
  close(): Promise<void>;
}

/** Undefined where dovecot is not installed, or cannot be started: that takes the rights to become its users. */
export async function startMailServer(): Promise<MailServer | undefined> {
  const home = await mkdtemp(path.join(tmpdir(), "sightline-imap-"));
  const port = await freePort();
  try {
    await execute(path.join(TOOLS, "real-n8n.sh"), ["imap", home, String(port)]);
  } catch (error) {
    process.stderr.write(`No mail server, its tests are skipped: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
  return {
    credential: (user) => ({ user, password: "secret", host: "127.0.0.1", port, secure: false, allowUnauthorizedCerts: true }),
    async listening(user) {
      const until = Date.now() + 60_000;
      while (!(await execute("ps", ["-eo", "args"])).stdout.includes(`[${user} 127.0.0.1 IDLE`)) {
        if (Date.now() > until) throw new Error(`nobody waits for mail as ${user}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async deliver(user, subject, attachments) {
      const box = path.join(home, "mail", user);
      const name = `${randomUUID()}.test`;
      for (const folder of ["tmp", "new", "cur"]) {
        await mkdir(path.join(box, folder), { recursive: true });
        await chown(path.join(box, folder), NOBODY, NOBODY);
      }
      await chown(box, NOBODY, NOBODY);
      await writeFile(path.join(box, "tmp", name), message(subject, attachments));
      await chown(path.join(box, "tmp", name), NOBODY, NOBODY);
      await rename(path.join(box, "tmp", name), path.join(box, "new", name));
      return Date.now();
    },
    async close() {
      await execute("doveadm", ["-c", path.join(home, "dovecot.conf"), "stop"]);
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** A MIME message (RFC 2045) with a sentence and its attachments. */
function message(subject: string, attachments: readonly NamedFile[]): string {
  const boundary = `=_${randomUUID()}`;
  const part = (headers: readonly string[], body: string): string => [`--${boundary}`, ...headers, "", body, ""].join("\r\n");
  return [
    "From: Seller <seller@example.com>",
    "To: Buyer <buyer@example.com>",
    `Subject: ${subject}`,
    `Date: ${new Date().toUTCString()}`,
    `Message-ID: <${randomUUID()}@example.com>`,
    "MIME-Version: 1.0",
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    "",
    part(["Content-Type: text/plain; charset=utf-8"], "Please find our invoice attached."),
    ...attachments.map(({ name, type, bytes }) =>
      part(
        [
          `Content-Type: ${type}; name="${name}"`,
          "Content-Transfer-Encoding: base64",
          `Content-Disposition: attachment; filename="${name}"`,
        ],
        Buffer.from(bytes).toString("base64").replaceAll(/.{76}/g, "$&\r\n"),
      ),
    ),
    `--${boundary}--`,
    "",
  ].join("\r\n");
}
