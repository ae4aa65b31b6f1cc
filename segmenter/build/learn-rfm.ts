/** The cuts between RFM's ranks, from the orders of the whole base. */
import type { RfmSettings } from '../../settings/model-settings.ts';
import type { Duck } from '../duck.ts';
import { equalWidthCuts, fixedCuts, type RfmCuts, rankSql } from '../models/rfm.ts';
import { VALID } from './facts.ts';
import type { RfmModel } from './shop-models.ts';

/** REES46 looks at the orders of a year, and leaves 2 % of the customers out at either end. */
const EQUAL_WIDTH_DAYS = 365;
const OUTLIERS = 0.02;

/** Orders of how many days a method looks at; null is all of them. */
export function rfmWindow(method: RfmSettings['method']): number | null {
  return method === 'equal_width' ? EQUAL_WIDTH_DAYS : null;
}

/** `base` is of all customers. */
export async function learnRfmOfAll(
  duck: Duck,
  base: MeasuredBase,
  settings: RfmSettings,
): Promise<RfmModel> {
  // Without whose they are: a large base has many.
  await duck.run(`CREATE OR REPLACE TABLE rfm_measures AS
    SELECT * EXCLUDE (person) FROM ${measuredSql(base, rfmWindow(settings.method))}`);
  const model = await learnRfm(duck, 'rfm_measures', settings);
  await duck.run('DROP TABLE rfm_measures');
  return model;
}

/** `measured` is SQL for the numbers that measuredSql() tells of all customers. */
export async function learnRfm(
  duck: Duck,
  measured: string,
  settings: RfmSettings,
): Promise<RfmModel> {
  const [customers] = await duck.numbers(`SELECT count(*) FROM ${measured}`);
  const cuts = customers === 0 ? null : await learnCuts(duck, measured, settings);
  return { method: settings.method, customers: customers!, cuts };
}

const FIFTHS = [0.2, 0.4, 0.6, 0.8] as const;

async function learnCuts(duck: Duck, measured: string, settings: RfmSettings): Promise<RfmCuts> {
  switch (settings.method) {
    case 'fixed':
      return fixedCuts(settings.limits);
    case 'quantiles': {
      const [recencyDays, orders, revenueMicros] = await quantiles(duck, measured, FIFTHS);
      return { windowDays: null, recencyDays, orders, revenueMicros };
    }
    case 'equal_width': {
      const ends = await quantiles(duck, measured, [OUTLIERS, 1 - OUTLIERS] as const);
      const [recencyDays, orders, revenueMicros] = ends;
      const range = {
        recencyDays: rangeOf(recencyDays),
        orders: rangeOf(orders),
        revenueMicros: rangeOf(revenueMicros),
      };
      return equalWidthCuts(range, EQUAL_WIDTH_DAYS);
    }
  }
}

function rangeOf([low, high]: readonly [number, number]): { low: number; high: number } {
  return { low, high };
}

type Numbers<Shares extends readonly number[]> = { -readonly [K in keyof Shares]: number };

/** Of days, orders and worth. Whole numbers that are in the data: the least that so large a share does not exceed. */
async function quantiles<Shares extends readonly number[]>(
  duck: Duck,
  measured: string,
  shares: Shares,
): Promise<[Numbers<Shares>, Numbers<Shares>, Numbers<Shares>]> {
  const list = ['recency_days', 'orders', 'revenue_micros'].map(
    (column) => `unnest(quantile_disc(${column}, [${shares.join(', ')}]))`,
  );
  const rows = await duck.rows(`SELECT ${list.join(', ')} FROM ${measured}`);
  const column = (i: number) => rows.map((row) => Number(row[i])) as Numbers<Shares>;
  return [column(0), column(1), column(2)];
}

/** `orders` is SQL for orders, `day` the as-of day. */
interface MeasuredBase {
  readonly orders: string;
  readonly day: number;
}

/**
 * SQL for the three numbers of whoever has bought, in progress or paid: person, days from the last order to the
 * as-of day, orders, and what they were worth.
 */
export function measuredSql({ orders, day }: MeasuredBase, windowDays: number | null): string {
  const within = windowDays === null ? '' : ` AND day > ${day - windowDays}`;
  return `(SELECT person, ${day} - max(day) AS recency_days, count(*) AS orders,
    CAST(sum(revenue_micros) AS BIGINT) AS revenue_micros
    FROM ${orders} WHERE ${VALID}${within} GROUP BY person)`;
}

/** SQL for the ranks of the people of measuredSql(): person, rfm_recency, rfm_frequency, rfm_monetary. */
export function ranksSql(measured: string, cuts: RfmCuts): string {
  return `(SELECT person,
    ${rankSql('recency_days', cuts.recencyDays, 'lowest')} AS rfm_recency,
    ${rankSql('orders', cuts.orders, 'highest')} AS rfm_frequency,
    ${rankSql('revenue_micros', cuts.revenueMicros, 'highest')} AS rfm_monetary
    FROM ${measured})`;
}
