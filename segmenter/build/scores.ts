/** What the models say of each customer: the table `scores` of rules/rule-sql.ts. */
import { SCORE_COLUMNS, SCORE_FIELDS } from '../../rules/score.ts';
import type { Duck } from '../duck.ts';
import type { DuckTable } from '../duck-table.ts';
import { decileOf, scoresOf, toMicros } from '../models/lifetime-fit.ts';
import {
  HISTORY_COLUMNS,
  historiesOf,
  historiesOfOrders,
  horizonOf,
  readHistories,
} from './learn-lifetime.ts';
import { measuredSql, ranksSql } from './learn-rfm.ts';
import type { ClvModel, RfmModel, ShopModels } from './shop-models.ts';

/** Of the people of the tables `customers` and `orders`; without a row whoever has bought nothing. */
export async function createScores(
  duck: Duck,
  { rfm, clv }: Pick<ShopModels, 'rfm' | 'clv'>,
  day: number,
): Promise<void> {
  const columns = SCORE_FIELDS.map((field) => `${SCORE_COLUMNS[field]} BIGINT`);
  await duck.run(`CREATE OR REPLACE TABLE scores (person VARCHAR, ${columns.join(', ')})`);
  if (rfm === null && clv === null) return;
  await createLifetimes(duck, clv, day);
  await duck.run(`INSERT INTO scores
    SELECT c.person, r.rfm_recency, r.rfm_frequency, r.rfm_monetary,
      ${RFM_SCORE},
      l.value_micros, l.expected_millionths, l.p_alive_ppm, l.decile
    FROM customers c
      LEFT JOIN ${ranksOf(rfm, day)} r ON r.person = c.person
      LEFT JOIN lifetimes l ON l.person = c.person
    WHERE c.valid_orders > 0`);
}

/** SQL for the score of a row `r` of ranks. */
export const RFM_SCORE = 'r.rfm_recency * 100 + r.rfm_frequency * 10 + r.rfm_monetary';

/** SQL for the ranks of the people of the table `orders`. */
function ranksOf(rfm: RfmModel | null, day: number): string {
  const cuts = rfm?.cuts ?? null;
  return cuts === null
    ? NO_RANKS
    : ranksSql(measuredSql({ orders: 'orders', day }, cuts.windowDays), cuts);
}

export const NO_RANKS =
  "(SELECT '' AS person, 0 AS rfm_recency, 0 AS rfm_frequency, 0 AS rfm_monetary WHERE FALSE)";

/** Makes `lifetimes`: person, and what is expected of them; empty where no model may be believed. */
async function createLifetimes(duck: Duck, clv: ClvModel | null, day: number): Promise<void> {
  await duck.run('DROP TABLE IF EXISTS history_scores');
  const table = await duck.createTable('history_scores', {
    repeats: 'integer',
    recency_days: 'integer',
    age_days: 'integer',
    repeat_micros: 'number',
    value_micros: 'optional',
    expected_millionths: 'number',
    p_alive_ppm: 'number',
    decile: 'optional',
  });
  if (clv !== null) await scoreHistories(duck, table, clv, day);
  await table.close();
  await duck.run(`CREATE OR REPLACE TABLE lifetimes AS
    SELECT h.person, s.* FROM ${historiesOfOrders(day)} h JOIN history_scores s
      USING (${HISTORY_COLUMNS})`);
}

const PPM = 1_000_000;

/** Each history once, however many customers have it. */
async function scoreHistories(
  duck: Duck,
  table: DuckTable,
  { settings, fit }: ClvModel,
  day: number,
): Promise<void> {
  if (fit === null) return;
  const from = `(SELECT DISTINCT ${HISTORY_COLUMNS} FROM ${historiesOfOrders(day)})`;
  const rows = await readHistories(duck, { from, order: HISTORY_COLUMNS });
  const scores = scoresOf(historiesOf(rows), fit, horizonOf(settings));
  if (scores === null) return;
  const { repeats, recencyDays, ageDays, repeatMicros } = rows;
  const { pAlive, expectedPurchases, clv } = scores;
  for (let i = 0; i < repeats.length; i++) {
    const hasValue = fit.decileCuts !== null && !Number.isNaN(clv[i]!);
    const valueMicros = toMicros(clv[i]!);
    table.add([
      repeats[i]!,
      recencyDays[i]!,
      ageDays[i]!,
      repeatMicros[i]!,
      hasValue ? valueMicros : '',
      toMicros(expectedPurchases[i]!),
      Math.round(pAlive[i]! * PPM),
      hasValue ? decileOf(valueMicros, fit.decileCuts) : '',
    ]);
  }
}
