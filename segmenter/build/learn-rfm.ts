/** The cuts between RFM's ranks, from the orders of the whole base. */
import type { RfmSettings } from '../../settings/model-settings.ts';
import type { Duck } from '../duck.ts';
import { equalWidthCuts, fixedCuts, type RfmCuts, type RfmRange, rankSql } from '../models/rfm.ts';
import { VALID } from './facts.ts';
import type { RfmModel } from './shop-models.ts';

/** REES46 looks at the orders of a year, and leaves 2 % of the customers out at either end. */
const EQUAL_WIDTH_DAYS = 365;
const OUTLIERS = 0.02;

/** `orders` is SQL for the orders of all customers, `day` the as-of day. */
export async function learnRfm(
  duck: Duck,
  { orders, day }: { readonly orders: string; readonly day: number },
  settings: RfmSettings,
): Promise<RfmModel> {
  const { method } = settings;
  const windowDays = method === 'equal_width' ? EQUAL_WIDTH_DAYS : null;
  const measures = measuresSql(orders, day, windowDays);
  const [customers] = await duck.numbers(`SELECT count(*) FROM ${measures}`);
  if (customers === 0) return { method, customers, cuts: null };
  return { method, customers: customers!, cuts: await cutsBy(settings) };

  async function cutsBy(by: RfmSettings): Promise<RfmCuts> {
    if (by.method === 'fixed') return fixedCuts(by.limits);
    if (by.method === 'equal_width') {
      return equalWidthCuts(await rangeOf(duck, measures), EQUAL_WIDTH_DAYS);
    }
    const fifths = (column: string) => quantiles(duck, measures, column, [0.2, 0.4, 0.6, 0.8]);
    return {
      windowDays,
      recencyDays: (await fifths('recency_days')) as unknown as RfmCuts['recencyDays'],
      orders: (await fifths('orders')) as unknown as RfmCuts['orders'],
      revenueMicros: (await fifths('revenue_micros')) as unknown as RfmCuts['revenueMicros'],
    };
  }
}

async function rangeOf(duck: Duck, measures: string): Promise<RfmRange> {
  const range = async (column: string) => {
    const [low, high] = await quantiles(duck, measures, column, [OUTLIERS, 1 - OUTLIERS]);
    return { low: low!, high: high! };
  };
  return {
    recencyDays: await range('recency_days'),
    orders: await range('orders'),
    revenueMicros: await range('revenue_micros'),
  };
}

/** Of whole numbers those that are in the data: the least that so large a share does not exceed. */
async function quantiles(
  duck: Duck,
  from: string,
  column: string,
  shares: readonly number[],
): Promise<number[]> {
  const columns = shares.map((share) => `quantile_disc(${column}, ${share})`);
  return duck.numbers(`SELECT ${columns.join(', ')} FROM ${from}`);
}

/**
 * SQL for the three numbers of whoever has bought, in progress or paid: days from the last order to the
 * as-of day, orders, and what they were worth.
 */
function measuresSql(orders: string, day: number, windowDays: number | null): string {
  const within = windowDays === null ? '' : ` AND day > ${day - windowDays}`;
  return `(SELECT person, ${day} - max(day) AS recency_days, count(*) AS orders,
    CAST(sum(revenue_micros) AS BIGINT) AS revenue_micros
    FROM ${orders} WHERE ${VALID}${within} GROUP BY person)`;
}

/** SQL for the ranks of the people of `orders`: person, rfm_recency, rfm_frequency, rfm_monetary. */
export function ranksSql(orders: string, day: number, cuts: RfmCuts): string {
  return `(SELECT person,
    ${rankSql('recency_days', cuts.recencyDays, 'lowest')} AS rfm_recency,
    ${rankSql('orders', cuts.orders, 'highest')} AS rfm_frequency,
    ${rankSql('revenue_micros', cuts.revenueMicros, 'highest')} AS rfm_monetary
    FROM ${measuresSql(orders, day, cuts.windowDays)})`;
}
