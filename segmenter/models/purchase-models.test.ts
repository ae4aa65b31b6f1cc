/** Published figures of the models at published parameters, and laws that hold at any. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bgNbdLogLikelihood, bgNbdModel } from './bg-nbd.ts';
import { distinctHistories } from './distinct-histories.ts';
import { expectedValue, gammaGammaLogLikelihood, spendCorrelation } from './gamma-gamma.ts';
import { paretoNbdLogLikelihood, paretoNbdModel } from './pareto-nbd.ts';
import { expectedPurchases } from './purchase-model.ts';

const BG = { r: 0.2425945, alpha: 4.4136019, a: 0.7929199, b: 2.4258881 };
const PARETO = { r: 0.553277, alpha: 10.5776837, s: 0.6062402, beta: 11.6687416 };

/** The published figures come of parameters where another search stopped, a few digits in. */
function expectNear(value: number, published: number, relative: number): void {
  expect(Math.abs(value / published - 1)).toBeLessThan(relative);
}

function oneHistory(repeats: number, recencyDays: number, ageDays: number) {
  return distinctHistories(
    {
      customer: Int32Array.of(0),
      repeats: Int32Array.of(repeats),
      recencyDays: Int32Array.of(recencyDays),
      ageDays: Int32Array.of(ageDays),
      meanValue: Float64Array.of(0),
    },
    1,
  );
}

describe('BG/NBD', () => {
  const model = bgNbdModel(BG);

  it('foretells customer 1516 of the BTYD walkthrough', () => {
    const history = { repeats: 26, recency: 30.857142857, age: 31 };
    expectNear(expectedPurchases(model, history, 52), 25.75659, 1e-4);
    expectNear(model.pAlive(history), 0.9688523, 1e-5);
    expectNear(model.expectedNew(52), 1.444004, 1e-5);
  });

  it('has the paradox of increasing frequency', () => {
    const of = (repeats: number) => expectedPurchases(model, { repeats, recency: 20, age: 39 }, 52);
    expectNear(of(10), 0.3474606, 2e-4);
    expectNear(of(15), 0.04283391, 2e-4);
    expectNear(of(20), 0.004158973, 2e-4);
    expectNear(of(25), 0.0003583685, 2e-4);
  });

  it('foretells customer 1 of Hardie’s sheet', () => {
    const history = { repeats: 2, recency: 30.43, age: 38.86 };
    expect(expectedPurchases(model, history, 39)).toBeCloseTo(1.226, 3);
  });

  it.each([
    [0.1429, 0.0078],
    [1, 0.0532],
    [3, 0.1506],
    [31.8571, 1.0405],
    [32, 1.0437],
    [78, 1.8576],
  ])('expects of a new customer in %d weeks what Hardie’s sheet has', (t, known) => {
    expect(Math.abs(model.expectedNew(t) - known)).toBeLessThan(0.002);
  });

  it('has a likelihood for many repeat purchases (note 027)', () => {
    const parameters = { a: 0.8, b: 2.5, r: 0.25, alpha: 4 };
    expect(bgNbdLogLikelihood(parameters, oneHistory(0, 0, 40))).toBeCloseTo(-0.59947382, 8);
    expect(bgNbdLogLikelihood(parameters, oneHistory(200, 38, 40))).toBeCloseTo(100.7957, 4);
  });

  it('takes a long silence after many purchases for an end, not for NaN', () => {
    expect(model.pAlive({ repeats: 1000, recency: 10, age: 100 })).toBe(0);
  });

  it('passes a = 1, where its formula is 0 / 0', () => {
    const near = (a: number) => bgNbdModel({ ...BG, a }).expectedNew(52);
    expect(near(1)).toBeCloseTo((near(0.99) + near(1.01)) / 2, 3);
  });
});

describe('Pareto/NBD', () => {
  const model = paretoNbdModel(PARETO);

  it('foretells customer 1516 of the BTYD walkthrough', () => {
    const history = { repeats: 26, recency: 30.857142857, age: 31 };
    expectNear(expectedPurchases(model, history, 52), 25.45647, 1e-4);
    expectNear(model.pAlive(history), 0.997874, 1e-6);
    expectNear(model.expectedNew(52), 1.473434, 1e-5);
  });

  it('has the paradox of increasing frequency', () => {
    const of = (repeats: number) => expectedPurchases(model, { repeats, recency: 20, age: 39 }, 52);
    expectNear(of(10), 0.7062289, 1e-3);
    expectNear(of(15), 0.1442396, 1e-3);
    expectNear(of(20), 0.02250658, 1e-3);
    expectNear(of(25), 0.00309267, 1e-3);
  });

  it('expects of a new customer what BTYD has', () => {
    const ofBtyd = [
      0, 0.05077821, 0.09916088, 0.14542507, 0.1897993, 0.23247466, 0.27361274, 0.31335159,
      0.35181024, 0.38909211,
    ];
    const ofItsManual = paretoNbdModel({ r: 0.55, alpha: 10.56, s: 0.61, beta: 11.64 });
    ofBtyd.forEach((known, t) => {
      expect(ofItsManual.expectedNew(t)).toBeCloseTo(known, 8);
    });
  });

  it('is steady where a plain gamma function overflows (lifetimes)', () => {
    const steady = paretoNbdModel({ r: 0.55, alpha: 10.58, s: 0.61, beta: 11.67 });
    const of = (repeats: number) =>
      expectedPurchases(steady, { repeats, recency: 200, age: 200 }, 10);
    expect(of(132)).toBeCloseTo(6.20605, 5);
    expect(of(133)).toBeCloseTo(6.25287, 5);
  });

  it('has one likelihood whichever of alpha and beta is larger', () => {
    const histories = oneHistory(3, 20, 40);
    const of = (beta: number) =>
      paretoNbdLogLikelihood({ r: 0.5, alpha: 10, s: 0.6, beta }, histories);
    expect(of(10 + 1e-9)).toBeCloseTo(of(10 - 1e-9), 8);
  });

  it('passes s = 1, where its formula is 0 / 0', () => {
    const near = (s: number) => paretoNbdModel({ ...PARETO, s }).expectedNew(52);
    expect(near(1)).toBeCloseTo((near(1 - 1e-5) + near(1 + 1e-5)) / 2, 8);
  });
});

const positive = fc.double({ min: 0.05, max: 20, noNaN: true });
const history = fc
  .tuple(fc.nat({ max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), positive)
  .map(([repeats, part, age]) => ({ repeats, recency: repeats === 0 ? 0 : part * age, age }));
const bgNbd = fc.record({ r: positive, alpha: positive, a: positive, b: positive }).map(bgNbdModel);
const paretoNbd = fc
  .record({ r: positive, alpha: positive, s: positive, beta: positive })
  .map(paretoNbdModel);

describe.each([
  ['BG/NBD', bgNbd],
  ['Pareto/NBD', paretoNbd],
])('%s', (_, anyModel) => {
  it('knows nothing more of a customer of today than of a new one', () => {
    fc.assert(
      fc.property(anyModel, positive, (model, t) => {
        const today = { repeats: 0, recency: 0, age: 0 };
        const known = model.expectedNew(t);
        expect(Math.abs(expectedPurchases(model, today, t) - known)).toBeLessThan(
          1e-8 * (1 + known),
        );
      }),
    );
  });

  it('gives chances that are chances, and expectations that grow with time', () => {
    fc.assert(
      fc.property(anyModel, history, positive, (model, of, t) => {
        const alive = model.pAlive(of);
        expect(alive).toBeGreaterThanOrEqual(0);
        expect(alive).toBeLessThanOrEqual(1);
        const sooner = expectedPurchases(model, of, t);
        expect(sooner).toBeGreaterThanOrEqual(0);
        expect(expectedPurchases(model, of, 2 * t)).toBeGreaterThanOrEqual(sooner * (1 - 1e-9));
      }),
    );
  });
});

describe('Gamma-Gamma', () => {
  const parameters = { p: 6.25, q: 3.74, v: 15.44 };

  it('has the expected values of Hardie’s sheet', () => {
    const of = (repeats: number, mean: number) => expectedValue(parameters, repeats, mean);
    expect(Math.abs(of(2, 22.35) - 24.65)).toBeLessThan(0.1);
    expect(Math.abs(of(1, 11.77) - 18.91)).toBeLessThan(0.1);
    expect(Math.abs(of(0, 0) - 35.17)).toBeLessThan(0.1);
    expect(Math.abs(of(7, 73.74) - 71.46)).toBeLessThan(0.1);
  });

  it('has no mean over all customers where q is at most 1', () => {
    expect(expectedValue({ p: 2, q: 0.9, v: 10 }, 0, 0)).toBeNaN();
    expect(expectedValue({ p: 2, q: 0.9, v: 10 }, 1, 30)).toBeGreaterThan(0);
  });

  it('has the likelihood of its formula', () => {
    const data = { repeats: Int32Array.of(1), meanValue: Float64Array.of(1), repeatsMax: 1 };
    // p = q = v = x = m = 1: Γ(2) / (Γ(1) Γ(1)) · 2^-2
    expect(gammaGammaLogLikelihood({ p: 1, q: 1, v: 1 }, data)).toBeCloseTo(Math.log(0.25), 12);
  });

  it('is told whether those who buy more also spend more', () => {
    const meanValue = Float64Array.of(10, 20, 30);
    const repeats = Int32Array.of(1, 2, 3);
    expect(spendCorrelation({ repeats, meanValue, repeatsMax: 3 })).toBeCloseTo(1, 12);
  });
});
