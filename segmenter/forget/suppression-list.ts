/**
 * Keyed hashes of people who were forgotten. The file is only added to: who comes back as a customer
 * is lifted by a later row. It holds person ids, identity keys and phone keys (proto/ids.ts).
 */
import { existsSync } from 'node:fs';
import { type Duck, sqlText } from '../duck.ts';
import { pending, type ShopFiles } from '../shop-data.ts';

const COLUMNS = 'hash VARCHAR, at_ms BIGINT, lifted INTEGER, seq BIGINT';

/** Makes the table suppressed, column hash: whoever was forgotten and not lifted. Returns how many. */
export async function loadSuppressed(duck: Duck, files: ShopFiles): Promise<number> {
  await loadRows(duck, files);
  await duck.run(`CREATE OR REPLACE TABLE suppressed AS
    SELECT hash FROM suppression_rows GROUP BY hash HAVING arg_max(lifted, seq) = 0`);
  const [count] = await duck.numbers('SELECT count(*) FROM suppressed');
  return count!;
}

/**
 * Writes the list with these hashes suppressed, or lifted, to the pending file. What is so already is
 * not written again. Returns how many rows were added.
 */
export async function addToSuppressed(
  duck: Duck,
  files: ShopFiles,
  change: { readonly hashes: readonly string[]; readonly lifted: boolean; readonly atMs: number },
): Promise<number> {
  await loadSuppressed(duck, files);
  const { hashes, lifted, atMs } = change;
  const list = hashes.map((hash) => `(${sqlText(hash)})`).join(', ');
  const known = `hash ${lifted ? 'IN' : 'NOT IN'} (SELECT hash FROM suppressed)`;
  await duck.run(`CREATE OR REPLACE TABLE added_hashes AS
    SELECT DISTINCT hash FROM (VALUES ${list || "('')"}) v(hash) WHERE hash <> '' AND ${known}`);
  const [added] = await duck.numbers('SELECT count(*) FROM added_hashes');
  await duck.run(`COPY (
    SELECT * FROM suppression_rows
    UNION ALL
    SELECT hash, ${atMs}, ${lifted ? 1 : 0},
      (SELECT COALESCE(max(seq), -1) FROM suppression_rows) + row_number() OVER (ORDER BY hash)
    FROM added_hashes
    ORDER BY seq
  ) TO ${sqlText(pending(files.suppressed))} (FORMAT parquet)`);
  return added!;
}

async function loadRows(duck: Duck, files: ShopFiles): Promise<void> {
  if (existsSync(files.suppressed)) {
    await duck.run(`CREATE OR REPLACE TABLE suppression_rows AS
      SELECT * FROM read_parquet(${sqlText(files.suppressed)})`);
  } else {
    await duck.run(`CREATE OR REPLACE TABLE suppression_rows (${COLUMNS})`);
  }
}
