import { Failure } from '../platform/failure.ts';
import type { ServingPointer, Store } from '../store/ports.ts';
import { GenerationOutdated, readManifest } from './published-shop-reader.ts';

/** Serves the generation before again. Throws Failure where there is none, or none that this Rekindle reads. */
export async function rollBack(store: Store, shop: string): Promise<ServingPointer> {
  const pointer = await store.generations.serving(shop);
  const before = pointer?.previous ?? null;
  if (before === null) {
    throw new Failure('failed-check', `${shop} has no generation before to go back to`);
  }
  try {
    await readManifest(store, shop, before);
  } catch (error) {
    if (!(error instanceof GenerationOutdated)) throw error;
    const why = `the generation before, ${before}, was built by an older Rekindle`;
    throw new Failure('failed-check', `${shop}: ${why}: nothing could be served of it`);
  }
  return await store.generations.rollback(shop);
}
