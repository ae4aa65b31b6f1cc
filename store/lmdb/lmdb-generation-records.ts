import type { ServingPointer } from '../ports.ts';
import type { LmdbEnv } from './lmdb-env.ts';

/** Keys of the meta table: `gen/shop/generation` and `serving/shop`. */
export interface GenerationRecord {
  readonly sealed: boolean;
}

export function readGeneration(
  env: LmdbEnv,
  shop: string,
  generation: string,
): GenerationRecord | null {
  return readJson<GenerationRecord>(env, generationKey(shop, generation));
}

export function writeGeneration(
  env: LmdbEnv,
  at: { shop: string; generation: string },
  record: GenerationRecord,
): void {
  putJson(env, generationKey(at.shop, at.generation), record);
}

export function readServing(env: LmdbEnv, shop: string): ServingPointer | null {
  return readJson<ServingPointer>(env, `serving/${shop}`);
}

export function writeServing(env: LmdbEnv, shop: string, pointer: ServingPointer): void {
  putJson(env, `serving/${shop}`, pointer);
}

export function generationKey(shop: string, generation: string): string {
  return `gen/${shop}/${generation}`;
}

/** The range of keys that begin with `prefix/`: '0' is the character after '/'. */
export function below(prefix: string): { start: string; end: string } {
  return { start: `${prefix}/`, end: `${prefix}0` };
}

/** A damaged record is no record: a generation it names cannot serve, and may be built anew. */
function readJson<T>(env: LmdbEnv, key: string): T | null {
  const stored = env.get(env.meta, key);
  if (stored === null) return null;
  try {
    return JSON.parse(stored.toString()) as T;
  } catch {
    return null;
  }
}

function putJson(env: LmdbEnv, key: string, value: object): void {
  env.meta.putSync(key, Buffer.from(JSON.stringify(value)));
}
