/** Orders that do not count until shop.yaml says more, as lines for a person. */
import type { WithoutRate } from '../segmenter/import/total-orders.ts';

/** Orders in a currency that `rates:` has no rate of on their day. */
export function withoutRateLine({ currency, orders, firstMs, lastMs }: WithoutRate): string {
  const [first, last] = [firstMs, lastMs].map((ms) => new Date(ms).toISOString().slice(0, 10));
  return `${orders} orders in ${currency} of ${first} to ${last} have no rate in shop.yaml and do not count: add it under rates and import them again`;
}
