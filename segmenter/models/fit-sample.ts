/** Enough customers to fit a model to, so that a fit takes no longer however many there are. */
import type { Histories } from './purchase-history.ts';

/** From here on parameters are known to parts of a percent, and more customers only take more time. */
export const FIT_CUSTOMERS_MAX = 200_000;

export interface FitSample {
  readonly histories: Histories;
  /** Every how many-th customer is in it: 1 is all of them. */
  readonly every: number;
}

/** Every n-th customer in the order they stand in: no chance is involved. */
export function fitSample(histories: Histories, customersMax: number): FitSample {
  const every = Math.max(1, Math.ceil(histories.repeats.length / customersMax));
  if (every === 1) return { histories, every };
  const taken = (_: number, i: number) => i % every === 0;
  return {
    every,
    histories: {
      customer: histories.customer.filter(taken),
      repeats: histories.repeats.filter(taken),
      recencyDays: histories.recencyDays.filter(taken),
      ageDays: histories.ageDays.filter(taken),
      meanValue: histories.meanValue.filter(taken),
    },
  };
}
