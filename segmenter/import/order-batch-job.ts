/** The piscina job behind order-threads.ts. */
import { workerData } from 'piscina';
import { type OrderBatch, type OrderSpec, orderBatchReader } from './order-batch.ts';
import type { RowsPart } from './row-parts.ts';

const read = orderBatchReader(workerData as OrderSpec);

// Piscina takes a worker file's default export as its task.
// biome-ignore lint/style/noDefaultExport: see above.
export default function readBatch(part: RowsPart): OrderBatch {
  return read(part);
}
