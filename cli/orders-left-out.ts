/** Orders that do not count until shop.yaml says more, as lines for a person. */
import { dayToDate } from '../rules/local-day.ts';
import type { WithoutRate } from '../segmenter/import/total-orders.ts';

/** Orders in a currency that `rates:` has no rate of on their day. */
export function withoutRateLine({ currency, orders, firstDay, lastDay }: WithoutRate): string {
  return `${orders} orders in ${currency} of ${dayToDate(firstDay)} to ${dayToDate(lastDay)} have no rate in shop.yaml and do not count: add it under rates and import them again`;
}
