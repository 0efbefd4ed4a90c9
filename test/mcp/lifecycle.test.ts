import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { connect, ERAS, SAMPLES } from "./connect.ts";
import { childrenOf, isRunning, SHOWS_CHILDREN } from "./processes.ts";

/** Polled, and only as long as it takes. */
const WAIT = { timeout: 15_000, interval: 20 };

/** Much text: a second of work. */
const receipt = path.join(SAMPLES, "receipt.png");
/** No text: little work. */
const coffee = path.join(SAMPLES, "coffee.png");

describe.skipIf(!SHOWS_CHILDREN)("processes (looked up in /proc: Linux only)", () => {
  it("starts none before the first picture", async () => {
    const server = await connect();
    try {
      await server.listTools();
      await server.call("status", {});
      await server.call("list_images", {});
      expect(await childrenOf(server.pid)).toEqual([]);
    } finally {
      await server.close();
    }
  });

  it.each(ERAS)("cancelling a call ends the process that works for it, and the next call is served (%s)", async (era) => {
    const server = await connect({ era });
    try {
      const cancel = new AbortController();
      const outcome = server.call("extract_text", { document: receipt }, { signal: cancel.signal }).catch((error: unknown) => error);
      const [worker] = await vi.waitFor(async () => {
        const children = await childrenOf(server.pid);
        expect(children).not.toEqual([]);
        return children;
      }, WAIT);
      cancel.abort();
      expect(await outcome).toBeInstanceOf(Error);
      // Well before an idle worker would be let go.
      await vi.waitFor(() => expect(isRunning(worker as number)).toBe(false), WAIT);
      expect((await server.call("extract_text", { document: coffee })).isError).toBe(false);
    } finally {
      await server.close();
    }
  });

  it.each(["the client goes", "SIGTERM"])("ends with its workers when %s", async (how) => {
    const server = await connect();
    await server.call("extract_text", { document: coffee });
    const workers = await childrenOf(server.pid);
    expect(workers).not.toEqual([]);
    if (how === "SIGTERM") process.kill(server.pid, "SIGTERM");
    else await server.close();
    await vi.waitFor(() => expect([server.pid, ...workers].filter(isRunning)).toEqual([]), WAIT);
    await server.close();
  });
});

describe.each(ERAS)("progress, %s", (era) => {
  it("tells in words what is being done, with a number that only grows", async () => {
    const server = await connect({ era });
    try {
      const told: { progress: number; message?: string | undefined }[] = [];
      await server.call("describe_image", { image: coffee }, { onprogress: (progress) => told.push(progress) });
      expect(told.length).toBeGreaterThan(1);
      expect(told.map(({ message }) => message).join("\n")).toContain("coffee.png");
      const numbers = told.map(({ progress }) => progress);
      expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    } finally {
      await server.close();
    }
  });
});

it("takes a picture as a data URI, and one process serves calls side by side", async () => {
  const server = await connect();
  try {
    const image = `data:image/png;base64,${(await readFile(coffee)).toString("base64")}`;
    const [sent, named, status] = await Promise.all([
      server.call("describe_image", { image }),
      server.call("describe_image", { image: coffee }),
      server.call("status", {}),
    ]);
    expect([sent.isError, named.isError, status.isError]).toEqual([false, false, false]);
    expect(sent.data).toEqual(named.data);
  } finally {
    await server.close();
  }
});
