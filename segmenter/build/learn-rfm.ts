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

/** `measured` is SQL for measuredSql() of all customers. */
export async function learnRfm(
  duck: Duck,
  measured: string,
  settings: RfmSettings,
): Promise<RfmModel> {
  const { method } = settings;
  // Without whose they are: a large base has many.
  await duck.run(`CREATE OR REPLACE TABLE ${MEASURES} AS
    SELECT * EXCLUDE (person) FROM ${measured}`);
  const [customers] = await duck.numbers(`SELECT count(*) FROM ${MEASURES}`);
  const cuts = customers === 0 ? null : await learnCuts(duck, settings);
  await duck.run(`DROP TABLE ${MEASURES}`);
  return { method, customers: customers!, cuts };
}

const MEASURES = 'rfm_measures';
const FIFTHS = [0.2, 0.4, 0.6, 0.8] as const;

async function learnCuts(duck: Duck, settings: RfmSettings): Promise<RfmCuts> {
  switch (settings.method) {
    case 'fixed':
      return fixedCuts(settings.limits);
    case 'quantiles':
      return {
        windowDays: null,
        recencyDays: await quantiles(duck, 'recency_days', FIFTHS),
        orders: await quantiles(duck, 'orders', FIFTHS),
        revenueMicros: await quantiles(duck, 'revenue_micros', FIFTHS),
      };
    case 'equal_width': {
      const range = {
        recencyDays: await rangeOf(duck, 'recency_days'),
        orders: await rangeOf(duck, 'orders'),
        revenueMicros: await rangeOf(duck, 'revenue_micros'),
      };
      return equalWidthCuts(range, EQUAL_WIDTH_DAYS);
    }
  }
}

async function rangeOf(duck: Duck, column: string): Promise<{ low: number; high: number }> {
  const [low, high] = await quantiles(duck, column, [OUTLIERS, 1 - OUTLIERS] as const);
  return { low, high };
}

/** Of whole numbers those that are in the data: the least that so large a share does not exceed. */
async function quantiles<Shares extends readonly number[]>(
  duck: Duck,
  column: string,
  shares: Shares,
): Promise<{ -readonly [K in keyof Shares]: number }> {
  const rows = await duck.rows(
    `SELECT unnest(quantile_disc(${column}, [${shares.join(', ')}])) FROM ${MEASURES}`,
  );
  return rows.map(([value]) => Number(value)) as { -readonly [K in keyof Shares]: number };
}

/**
 * SQL for the three numbers of whoever has bought, in progress or paid: person, days from the last order to the
 * as-of day, orders, and what they were worth. `orders` is SQL for the orders of these people, `day` the as-of day.
 */
export function measuredSql(
  { orders, day }: { readonly orders: string; readonly day: number },
  windowDays: number | null,
): string {
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
