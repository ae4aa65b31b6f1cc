/** One row a customer, written as it is made: millions of them are no one text. */
import { once } from 'node:events';
import type { ScoredCustomers } from '../segmenter/clv/clv-request.ts';
import { type TimeUnit, UNIT_DAYS } from '../segmenter/models/clv.ts';

interface Score {
  readonly customer: string;
  readonly x: number;
  readonly t_x: number;
  readonly T: number;
  /** Null where the model says nothing, or the customer has none. */
  readonly m: number | null;
  readonly p_alive: number | null;
  readonly expected_purchases: number | null;
  readonly expected_value: number | null;
  readonly clv: number | null;
}

interface ScoreOutput {
  /** The report, which the rows go into as `customers`. */
  readonly data: object;
  readonly unit: TimeUnit;
  readonly json: boolean;
}

const ROWS_A_WRITE = 1000;

export async function writeScores(scored: ScoredCustomers, output: ScoreOutput): Promise<void> {
  for (const text of output.json ? jsonText(scored, output) : plainText(scored, output)) {
    if (!(await written(text))) return;
  }
}

function* jsonText(scored: ScoredCustomers, { data, unit }: ScoreOutput): Generator<string> {
  yield `${JSON.stringify(data, null, 2).slice(0, -2)},\n  "customers": [\n`;
  let separator = '    ';
  for (const scores of scoresOf(scored, UNIT_DAYS[unit])) {
    yield separator + scores.map((score) => JSON.stringify(score)).join(',\n    ');
    separator = ',\n    ';
  }
  yield '\n  ]\n}\n';
}

function* plainText(scored: ScoredCustomers, { unit }: ScoreOutput): Generator<string> {
  yield HEADER;
  for (const scores of scoresOf(scored, UNIT_DAYS[unit])) yield scores.map(plainRow).join('');
}

/** False when the reader has seen enough, as in `| head`. */
async function written(text: string): Promise<boolean> {
  if (process.stdout.write(text)) return true;
  return once(process.stdout, 'drain').then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') return false;
      throw error;
    },
  );
}

/** Some at a time. */
function* scoresOf(scored: ScoredCustomers, unitDays: number): Generator<Score[]> {
  const all = scored.ids.length;
  for (let from = 0; from < all; from += ROWS_A_WRITE) {
    const length = Math.min(ROWS_A_WRITE, all - from);
    yield Array.from({ length }, (_, i) => scoreOf(scored, from + i, unitDays));
  }
}

function scoreOf({ ids, histories, scores }: ScoredCustomers, i: number, unitDays: number): Score {
  const repeats = histories.repeats[i]!;
  return {
    customer: ids[i]!,
    x: repeats,
    t_x: histories.recencyDays[i]! / unitDays,
    T: histories.ageDays[i]! / unitDays,
    m: repeats === 0 ? null : histories.meanValue[i]!,
    p_alive: known(scores?.pAlive[i]),
    expected_purchases: known(scores?.expectedPurchases[i]),
    expected_value: known(scores?.expectedValue[i]),
    clv: known(scores?.clv[i]),
  };
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

const WIDTH = 11;
const HEADER = `${'customer'.padEnd(24)}${['x', 't_x', 'T', 'm', 'P(alive)', 'purchases', 'value', 'CLV'].map((name) => name.padStart(WIDTH)).join('')}\n`;

function plainRow(score: Score): string {
  const { customer, x, t_x, T, m, p_alive, expected_purchases, expected_value, clv } = score;
  const cells = [
    String(x),
    t_x.toFixed(2),
    T.toFixed(2),
    fixed(m, 2),
    fixed(p_alive, 4),
    fixed(expected_purchases, 4),
    fixed(expected_value, 2),
    fixed(clv, 2),
  ];
  return `${customer.padEnd(24)}${cells.map((cell) => cell.padStart(WIDTH)).join('')}\n`;
}

function fixed(value: number | null, digits: number): string {
  return value === null ? '-' : value.toFixed(digits);
}
