import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, CORPORA, ERAS, type Connection } from "./connect.ts";

const PHOTOS = path.join(CORPORA, "photos");
const RECEIPTS = path.join(CORPORA, "sroie");

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function iou(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const shared = Math.max(0, width) * Math.max(0, height);
  return shared / (a.width * a.height + b.width * b.height - shared);
}

const plain = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, "");

describe.skipIf(!existsSync(PHOTOS)).each(ERAS)("describe_image on real pictures, %s (needs the corpora: set SIGHTLINE_CORPORA)", (era) => {
  let server: Connection;
  beforeAll(async () => void (server = await connect({ era, args: ["--backend", "none", "--allow", PHOTOS, "--allow", RECEIPTS] })));
  afterAll(() => server.close());

  it.each(["041", "095", "169"])("names the store and the total of receipt %s", async (name) => {
    const truth = JSON.parse(await readFile(path.join(RECEIPTS, `${name}.json`), "utf8")) as { company: string; total: string };
    const { data, text } = await server.call("describe_image", { image: path.join(RECEIPTS, `${name}.jpg`) });
    expect(data?.kind, text).toBe("receipt");
    expect(plain(data.text)).toContain(plain(truth.company));
    const total = truth.total.replace(/[^\d.]/g, "");
    expect(data.text).toContain(total);
    expect(text).toContain(total);
  });

  it("sees the bus and the people in front of it", async () => {
    const { data, text } = await server.call("describe_image", { image: path.join(PHOTOS, "bus.jpg") });
    expect(
      data?.objects.map(({ label }: { label: string }) => label),
      text,
    ).toContain("bus");
    // By eye, ±15 pixels; the fourth is cut off at the edge.
    const standing: Box[] = [
      { x: 52, y: 398, width: 192, height: 500 },
      { x: 226, y: 405, width: 116, height: 455 },
      { x: 670, y: 395, width: 140, height: 487 },
    ];
    for (const person of standing) expect(Math.max(...data.people.map(({ box }: { box: Box }) => iou(box, person)))).toBeGreaterThan(0.5);
    expect(data.description).toMatch(/bus/);
  });

  it("sees the person, the dog and the horse", async () => {
    const { data, text } = await server.call("describe_image", { image: path.join(PHOTOS, "person.jpg") });
    expect(
      data?.objects.map(({ label }: { label: string }) => label),
      text,
    ).toEqual(expect.arrayContaining(["dog", "horse"]));
    expect(iou(data.people[0].box, { x: 188, y: 98, width: 88, height: 287 })).toBeGreaterThan(0.5);
    expect(data.description).toMatch(/dog/);
    expect(data.description).toMatch(/horse/);
  });
});
