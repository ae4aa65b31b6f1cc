/** What is said when a model may not be believed, over customers made by known laws. */
import { describe, expect, it } from 'vitest';
import { fitBgNbd } from './bg-nbd.ts';
import { distinctHistories } from './distinct-histories.ts';
import { fitGammaGamma } from './gamma-gamma.ts';
import { fitModel, REPEATERS_NEEDED } from './model-fit.ts';
import { fitParetoNbd } from './pareto-nbd.ts';

/** A stream of chances in (0, 1), the same in every run. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

interface Law {
  readonly rate: (chance: number) => number;
  /** At which a customer leaves, at any moment. */
  readonly leavingRate?: (chance: number) => number;
  /** After each repeat purchase. */
  readonly leaves?: number;
}

/** Customers over 300 days. */
function customersOf(count: number, { rate: rateOf, leavingRate, leaves = 0 }: Law) {
  const chance = chances(7);
  const repeats = new Int32Array(count);
  const recencyDays = new Int32Array(count);
  for (let c = 0; c < count; c++) {
    const rate = rateOf(chance());
    const left = leavingRate === undefined ? 300 : -Math.log(chance()) / leavingRate(chance());
    const until = Math.min(left, 300);
    for (let at = -Math.log(chance()) / rate; at < until; at += -Math.log(chance()) / rate) {
      repeats[c]!++;
      recencyDays[c] = Math.floor(at);
      if (chance() < leaves) break;
    }
  }
  const ageDays = new Int32Array(count).fill(300);
  const meanValue = Float64Array.from(repeats, (x) => (x === 0 ? 0 : 10 * (1 + chance())));
  const customer = Int32Array.from(repeats.keys());
  return { customer, repeats, recencyDays, ageDays, meanValue };
}

const ALIKE: Law = { rate: () => 0.02 };
const DIFFERING: Law = {
  rate: (chance) => 0.04 * -Math.log(chance),
  leavingRate: (chance) => 0.01 * -Math.log(chance),
};

describe.each([
  ['BG/NBD', fitBgNbd],
  ['Pareto/NBD', fitParetoNbd],
])('%s', (_, fitTo) => {
  it('says how many repeaters are missing', () => {
    const few = distinctHistories(customersOf(100, ALIKE), 7);
    expect(fitTo(few)).toEqual({
      kind: 'too-little-data',
      repeaters: few.repeaters,
      needed: REPEATERS_NEEDED,
    });
    const nobody = distinctHistories(customersOf(0, ALIKE), 7);
    expect(fitTo(nobody)).toMatchObject({ kind: 'too-little-data', repeaters: 0 });
  });

  it('does not tell customers apart who do not differ', () => {
    const alike = distinctHistories(customersOf(2000, ALIKE), 7);
    expect(['no-better-than-plain', 'not-converged']).toContain(fitTo(alike).kind);
  });

  it('fits customers who differ', () => {
    const differing = distinctHistories(customersOf(3000, DIFFERING), 7);
    expect(fitTo(differing).kind).toBe('fitted');
  });

  it('fits in any unit of time alike', () => {
    const histories = customersOf(3000, DIFFERING);
    const inDays = fitTo(distinctHistories(histories, 1));
    const inWeeks = fitTo(distinctHistories(histories, 7));
    if (inDays.kind !== 'fitted' || inWeeks.kind !== 'fitted') throw new Error('not fitted');
    expect(inDays.parameters.r).toBeCloseTo(inWeeks.parameters.r, 3);
    expect(inDays.parameters.alpha / 7).toBeCloseTo(inWeeks.parameters.alpha, 2);
  });
});

it('finds the parameters that BG/NBD customers were made with', () => {
  // r = 1: rates are exponential, with mean 1 / alpha; everybody leaves with a chance of 0.2.
  const histories = customersOf(20_000, {
    rate: (chance) => -Math.log(chance) / 50,
    leaves: 0.2,
  });
  const fit = fitBgNbd(distinctHistories(histories, 1));
  if (fit.kind !== 'fitted') throw new Error(fit.kind);
  const { r, alpha, a, b } = fit.parameters;
  expect(Math.abs(r - 1)).toBeLessThan(0.1);
  expect(Math.abs(alpha / 50 - 1)).toBeLessThan(0.1);
  expect(Math.abs(a / (a + b) - 0.2)).toBeLessThan(0.02);
});

it('does not take spend for personal that is not', () => {
  const chance = chances(3);
  const repeats = new Int32Array(1000).fill(1);
  // Exponential: one gamma distribution for all.
  const meanValue = Float64Array.from(repeats, () => -30 * Math.log(chance()));
  expect(['no-better-than-plain', 'not-converged']).toContain(
    fitGammaGamma({ repeats, meanValue, repeatsMax: 1 }).kind,
  );
});

it('does not report where a search was stopped', () => {
  const fit = fitModel({
    starts: [{ slope: 1 }],
    logLikelihood: ({ slope }) => Math.log(slope),
    customers: 1000,
    repeaters: 1000,
    plain: { parameters: 1, logLikelihood: () => 0 },
  });
  expect(fit.kind).toBe('not-converged');
});

it('asks of each parameter more that it gains half the logarithm of the customers', () => {
  const kindFor = (gain: number) =>
    fitModel({
      starts: [{ a: 2, b: 2 }],
      logLikelihood: ({ a, b }) => gain - Math.log(a) ** 2 - Math.log(b) ** 2,
      customers: 1000,
      repeaters: 1000,
      plain: { parameters: 1, logLikelihood: () => 0 },
    }).kind;
  // ln(1000) / 2 is 3.4539.
  expect([kindFor(3.4), kindFor(3.5)]).toEqual(['no-better-than-plain', 'fitted']);
});
