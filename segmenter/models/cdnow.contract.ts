/** The CDNOW sample of Fader and Hardie, which every published figure is about; tests read it where it lies. */
import { existsSync, readFileSync } from 'node:fs';
import { type Purchases, purchasesOf } from './purchase-history.ts';

const FOLDER = '../shared/data/crm/cdnow';
const CDNOW_FILE = `${FOLDER}/CDNOW_sample.txt`;
export const CDNOW_MISSING = !existsSync(CDNOW_FILE);
/** Said in the name of every test that needs it. */
export const CDNOW = 'CDNOW (skipped without ../shared/data)';

const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
export const CALIBRATION_END = dayOf('1997-09-30');
export const HOLDOUT_END = dayOf('1998-06-30');

/** Columns: id in the whole panel, id in the sample, yyyymmdd, CDs, dollars. */
export function cdnowPurchases(): Purchases {
  const rows = readFileSync(CDNOW_FILE, 'utf8').trim().split('\n').map(cells);
  const column = (read: (row: readonly string[]) => number) => rows.map(read);
  const customer = Int32Array.from(column((row) => Number(row[1]) - 1));
  const iso = /(\d{4})(\d\d)(\d\d)/;
  const day = Int32Array.from(column((row) => dayOf(row[2]!.replace(iso, '$1-$2-$3'))));
  const valueMicros = Float64Array.from(column((row) => Math.round(Number(row[4]) * 1e6)));
  return purchasesOf({ customer, day, valueMicros }, 2357);
}

function cells(line: string): string[] {
  return line.trim().split(/\s+/);
}

/** Cumulative repeat purchases by the end of week 1, 2, … as the R package BTYD has them. */
export function publishedTracking(): number[] {
  const lines = readFileSync(`${FOLDER}/btyd_cdnow_cum_tracking.csv`, 'utf8').trim().split('\n');
  return lines.slice(1).map((line) => Number(line.split(',')[1]));
}
