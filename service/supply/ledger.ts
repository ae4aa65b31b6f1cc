/** `supply/fetched.json`: what became of each file when it was last fetched, and when it is due again. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../../platform/durable-file.ts';

const LEDGER = 'fetched.json';

const entrySchema = z.object({
  state: z.enum(['ok', 'absent', 'unreachable']),
  /** Unix ms. */
  fetchedMs: z.number(),
  dueMs: z.number(),
  /** When the copy that is kept was fetched; 0 without one. */
  goodMs: z.number(),
  why: z.string().default(''),
});
const ledgerSchema = z.object({ v: z.literal(1), files: z.record(z.string(), entrySchema) });

export type LedgerEntry = z.output<typeof entrySchema>;
/** By `<kind>/<domain>`. */
export type Ledger = Map<string, LedgerEntry>;

/** Empty when there is none, or none that can be read: then everything is due. */
export function readLedger(supplyDir: string): Ledger {
  try {
    const text = readFileSync(join(supplyDir, LEDGER), 'utf8');
    return new Map(Object.entries(ledgerSchema.parse(JSON.parse(text)).files));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || error instanceof SyntaxError || error instanceof z.ZodError)
      return new Map();
    throw error;
  }
}

export function writeLedger(supplyDir: string, ledger: Ledger): void {
  const files = Object.fromEntries([...ledger].sort(([a], [b]) => (a < b ? -1 : 1)));
  writeDurably(join(supplyDir, LEDGER), `${JSON.stringify({ v: 1, files }, null, 1)}\n`);
}
