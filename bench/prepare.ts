/**
 * What preparing a 12 megapixel JPEG for a model costs through the pool (bytes to a worker and back, header checks, error
 * handling) against the bare sharp pipeline in this process, in turns, in the same run. Bound: 1.3.
 */
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { createImageCodec } from "../packages/local/src/media/images.ts";
import { jobs } from "../packages/local/src/worker-jobs.ts";
import { createPool } from "../packages/local/src/worker/pool.ts";

export interface PrepareFigures {
  /** Medians, ms. */
  readonly bareMs: number;
  readonly pooledMs: number;
  readonly ratio: number;
  readonly rounds: number;
  readonly inputBytes: number;
}

const LONG_SIDE = 1120;

/** 4000 x 3000 with the grain of a photograph, about 5 MB as cameras write them. */
function cameraPicture(): Promise<Buffer> {
  const grain = { type: "gaussian" as const, mean: 128, sigma: 24 };
  return sharp({ create: { width: 4000, height: 3000, channels: 3, background: "#777", noise: grain } })
    .jpeg({ quality: 88 })
    .toBuffer();
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

async function timed(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

export async function measurePrepare(rounds = 25): Promise<PrepareFigures> {
  const image = await cameraPicture();
  const pool = createPool({ jobs, maxWorkers: 1 });
  const images = createImageCodec(pool);
  const bare = () =>
    sharp(image)
      .autoOrient()
      .resize({ width: LONG_SIDE, height: LONG_SIDE, fit: "inside", withoutEnlargement: true })
      .jpeg({ quality: 80 })
      .toBuffer();
  const pooled = () => images.prepare(image, { longSide: LONG_SIDE });
  try {
    // Both warm: the worker started, the decoders loaded.
    for (let i = 0; i < 3; i++) await Promise.all([bare(), pooled()]);
    const times: { bare: number[]; pooled: number[] } = { bare: [], pooled: [] };
    for (let i = 0; i < rounds; i++) {
      times.bare.push(await timed(bare));
      times.pooled.push(await timed(pooled));
    }
    const bareMs = median(times.bare);
    const pooledMs = median(times.pooled);
    return { bareMs, pooledMs, ratio: pooledMs / bareMs, rounds, inputBytes: image.length };
  } finally {
    await pool.close();
  }
}

export function describePrepare({ bareMs, pooledMs, ratio, rounds, inputBytes }: PrepareFigures): string {
  return `prepare a 12 MP JPEG (${(inputBytes / 1e6).toFixed(1)} MB) for a model: ${pooledMs.toFixed(1)} ms through the pool, ${bareMs.toFixed(1)} ms bare sharp, ratio ${ratio.toFixed(2)} (bound 1.3; medians of ${rounds} rounds in turns)`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(describePrepare(await measurePrepare()));
