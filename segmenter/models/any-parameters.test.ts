/** What a search may try on its way: parameters from a millionth to a million, and any history. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bgNbdLogLikelihood, bgNbdModel } from './bg-nbd.ts';
import { distinctHistories } from './distinct-histories.ts';
import { paretoNbdModel } from './pareto-nbd.ts';
import type { History, PurchaseModel } from './purchase-model.ts';

const any = fc.double({ min: -6, max: 6, noNaN: true }).map((log) => 10 ** log);
const days = fc
  .tuple(fc.nat({ max: 1000 }), fc.nat({ max: 4000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([repeats, age, part]) => ({
    repeats,
    recency: repeats === 0 ? 0 : Math.floor(part * age),
    age,
  }));
const span = fc.constantFrom(1, 52, 365, 3650);

/** Nobody buys more than at the rate that is expected of whoever never leaves. */
function expectSound(
  model: PurchaseModel,
  of: History,
  { t, r, alpha }: { readonly t: number; readonly r: number; readonly alpha: number },
): void {
  const alive = model.pAlive(of);
  expect(alive).toBeGreaterThanOrEqual(0);
  expect(alive).toBeLessThanOrEqual(1);
  const fresh = model.expectedNew(t);
  expect(fresh).toBeGreaterThan(0);
  expect(fresh).toBeLessThanOrEqual((r / alpha) * t * (1 + 1e-8));
  const known = model.expectedIfAlive(of.repeats, of.age, t);
  expect(known).toBeGreaterThan(0);
  expect(known).toBeLessThanOrEqual(((r + of.repeats) / (alpha + of.age)) * t * (1 + 1e-8));
}

describe('at any parameters', () => {
  it('BG/NBD has a likelihood, chances and expectations', () => {
    const parameters = fc.record({ r: any, alpha: any, a: any, b: any });
    fc.assert(
      fc.property(parameters, days, span, (bg, of, t) => {
        const { repeats, recency, age } = of;
        const data = distinctHistories(
          {
            customer: Int32Array.of(0),
            repeats: Int32Array.of(repeats),
            recencyDays: Int32Array.of(recency),
            ageDays: Int32Array.of(age),
            meanValue: Float64Array.of(0),
          },
          1,
        );
        expect(Number.isFinite(bgNbdLogLikelihood(bg, data))).toBe(true);
        expectSound(bgNbdModel(bg), of, { t, ...bg });
      }),
      { numRuns: 300 },
    );
  });

  it('Pareto/NBD has chances and expectations', () => {
    const parameters = fc.record({ r: any, alpha: any, s: any, beta: any });
    fc.assert(
      fc.property(parameters, days, span, (pareto, of, t) =>
        expectSound(paretoNbdModel(pareto), of, { t, ...pareto }),
      ),
      { numRuns: 300 },
    );
  });
});

/** By mpmath with 60 digits, from the closed form. */
it.each([
  [{ r: 0.25, alpha: 1e-6, a: 0.8, b: 2.5 }, 52, 179.976908070801],
  [{ r: 0.25, alpha: 1e-4, a: 3, b: 4 }, 52, 2.84361153279407],
  [{ r: 1000, alpha: 1e-3, a: 0.1, b: 0.3 }, 365, 41869260.6298654],
  [{ r: 0.003, alpha: 1e-5, a: 1.5, b: 200 }, 3650, 14.6998065725575],
  [{ r: 0.25, alpha: 1e6, a: 0.8, b: 2.5 }, 1, 2.49999962121224e-7],
])('BG/NBD expects at %o in %d what sixty digits come to', (parameters, t, known) => {
  const found = bgNbdModel(parameters).expectedNew(t);
  expect(Math.abs(found / known - 1)).toBeLessThan(1e-9);
});

/** Likewise: of one who never bought again, where beta and alpha are ten powers of ten apart. */
it('Pareto/NBD does not take for alive whose chance its continued fraction does not settle', () => {
  const parameters = {
    r: 0.00028640035549422983,
    alpha: 1.3308822214603424e-5,
    s: 148.42819921278985,
    beta: 187793.35021972656,
  };
  const alive = paretoNbdModel(parameters).pAlive({ repeats: 0, recency: 0, age: 1542 });
  expect(alive).toBeCloseTo(0.2969902617285102, 10);
});
