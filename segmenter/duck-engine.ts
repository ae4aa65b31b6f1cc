/** The engine's module, loaded once; only duck*.ts speak to it. */
import { createRequire } from 'node:module';

// An import would first scan each of its many CommonJS files for exports: twice the time to load it.
export const duckdb = createRequire(import.meta.url)(
  '@duckdb/node-api',
) as typeof import('@duckdb/node-api');

/** The version of the engine, `v1.5.6`; throws where its binary does not load. */
export function duckVersion(): string {
  return duckdb.version();
}
