/** Reads the parts of an orders file in piscina threads. */
import { Piscina } from 'piscina';
import {
  type OrderBatch,
  type OrderBatches,
  type OrderSpec,
  orderBatchReader,
} from './order-batch.ts';

/** Room for the rows of some parts, so that none of them is copied to the old generation on its way. */
const YOUNG_GENERATION_MB = 128;
/** One thread reads the file for all of them, and keeps no more busy than these. */
const THREADS_MAX = 4;

/** Threads start with the first part that was cut off unread: a small file has none. */
export function openOrderThreads(
  spec: OrderSpec,
  threads: number,
  // The compiled job: a Node 20 thread cannot load TypeScript.
  jobFile: URL = new URL('./order-batch-job.js', import.meta.url),
): OrderBatches {
  const readHere = orderBatchReader(spec);
  let pool: Piscina | null = null;
  return {
    read(part) {
      if ('rows' in part) return readHere(part);
      pool ??= new Piscina({
        filename: jobFile.href,
        minThreads: Math.min(threads, THREADS_MAX),
        maxThreads: Math.min(threads, THREADS_MAX),
        workerData: spec,
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      });
      return pool.run(part) as Promise<OrderBatch>;
    },
    [Symbol.asyncDispose]: async () => {
      await pool?.destroy();
    },
  };
}
